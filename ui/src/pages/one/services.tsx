import type { CommonsDetail, ServiceRow } from "@/api/types";
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import { Copy } from "@/parts/copy";
import { Drawer, Facts } from "@/parts/drawer";
import { Place } from "@/parts/place";
import { Empty } from "@/parts/states";
import { Answer } from "@/parts/states";
import { Table } from "@/parts/table/table";
import type { Column } from "@/parts/table/columns";
import { useView } from "@/url/view";
import { many, plain } from "@/words/say";
import { TagStory } from "../releases/story";

/** A service may run several images: fence beside its presigned-url-fence. */
const keyOf = (row: ServiceRow): string => (row.component ? `${row.service}/${row.component}` : row.service);

const tagClass = (row: ServiceRow): string => (row.tag_class === "moving" || row.tag_class === "feature" ? "amber" : "");

function columns(detail: CommonsDetail): Column<ServiceRow>[] {
  return [
    { id: "service", head: "Service", width: 190, phone: true, cell: (row) => <span className={row.enabled ? "strong" : "dim"}>{row.service}{row.component && <span className="dim"> {row.component}</span>}</span> },
    { id: "tag", head: "Tag", width: 200, phone: true, cell: (row) => row.tag ? <span className={`${tagClass(row)} ${row.origin === "assumed" ? "assumed" : ""}`}><Copy text={row.tag} /></span> : <span className="faint">{row.enabled ? "not stated" : "off"}</span> },
    { id: "class", wide: true, head: "Kind of tag", width: 100, cell: (row) => <span className={tagClass(row) || "dim"}>{row.tag_class ? plain(row.tag_class) : ""}</span> },
    { id: "behind", head: "Behind", width: 72, align: "end", phone: true, cell: (row) => row.behind ?? "" },
    { id: "pin", head: "", width: 52, cell: (row) => row.pin ? <span className="chip" title="Not on the release of this commons">pin</span> : "" },
    ...(detail.commons.twin ? [{ id: "twin", head: "Twin runs", width: 150, cell: (row: ServiceRow) => row.twin_tag ? <Copy text={row.twin_tag} /> : "" }] : []),
    { id: "reason", wide: true, head: "Why on or off", cell: (row) => <span className="dim" title={row.reason}>{row.reason}</span> },
    { id: "origin", wide: true, head: "Stated in", width: 210, cell: (row) => row.path ? <Place short path={row.path} line={row.line} prefix={detail.file_url_prefix} /> : <span className="faint">{row.origin ? plain(row.origin) : ""}</span> },
  ];
}

export function Services({ detail }: { detail: CommonsDetail }) {
  const view = useView();
  const all = view.get("show") === "all";
  const rows = detail.services.filter((service) => all || service.enabled);
  const off = detail.services.filter((service) => !service.enabled).length;
  const open = view.get("open");
  const service = detail.services.find((one) => keyOf(one) === open);
  return (
    <>
      <div className="page-head slim">
        <span className="dim">{many(rows.length, "service")}</span>
        {off > 0 && <label className="tick"><input type="checkbox" checked={all} onChange={(event) => { view.set({ show: event.target.checked ? "all" : undefined }); }} />with the {off} that are off</label>}
      </div>
      <div className="page-body">
        {rows.length === 0
          ? (detail.commons.state.config === "unreadable"
            ? <Empty title="What it runs is not known">{detail.commons.state.reasons[0] ?? "Its values cannot be read."} Until then nothing is assumed; Findings says what could not be read.</Empty>
            : <Empty title="No service is on">The values that could be read enable none. Config says what they are.</Empty>)
          : <Table label="Services" rows={rows} rowKey={keyOf} rowName={(row) => row.service} columns={columns(detail)} panel copy={(row) => row.tag ?? row.service} />}
        {service && <OneService key={open} detail={detail} service={service} />}
      </div>
    </>
  );
}

function OneService({ detail, service }: { detail: CommonsDetail; service: ServiceRow }) {
  const asked = useQuery(ask.tagHistory(detail.commons.id, service.service));
  return (
    <Drawer label="Service" title={<>{service.service} <span className="dim">in {detail.commons.name}</span></>}>
      <div className="section"><p className="sentence">{service.reason}</p></div>
      <Facts facts={[
        ["Image", service.image && <Copy key="i" text={service.image} />], ["Tag", service.tag && <Copy key="t" text={service.tag} />], ["Tag is", service.tag_class && plain(service.tag_class)],
        ["Stated", service.origin && plain(service.origin)], ["In", <Place key="p" path={service.path} line={service.line} prefix={detail.file_url_prefix} />],
        ["Behind", service.behind], ["Twin runs", service.twin_tag], ["Part", service.component],
      ]} />
      <Answer asked={asked}>{(story) => <TagStory story={story} />}</Answer>
    </Drawer>
  );
}
