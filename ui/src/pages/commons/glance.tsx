import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import { useScope } from "@/app/scope";
import { Copy } from "@/parts/copy";
import { Drawer, Facts } from "@/parts/drawer";
import { A } from "@/parts/link";
import { Severities, StateMark } from "@/parts/state";
import { Answer } from "@/parts/states";
import { When } from "@/parts/when";
import { useView } from "@/url/view";
import { many } from "@/words/say";

/** A commons in the panel beside the list: enough to decide whether to open it. */
export function Glance({ id }: { id: string }) {
  const scope = useScope();
  const view = useView();
  const asked = useQuery(ask.oneCommons(id, { at: scope.at }));
  return (
    <Drawer label="Commons" title={asked.data ? <Copy text={asked.data.commons.hostname ?? asked.data.commons.name} /> : "Commons"}>
      <Answer asked={asked}>
        {({ commons, chart, services }) => (
          <div className="stack wide">
            <div className="section stack">
              <StateMark state={commons.state} />
              {commons.state.reasons.map((reason) => <p key={reason} className="sentence">{reason}</p>)}
            </div>
            <Facts facts={[
              ["Tier", commons.tier],
              ["Twin", commons.twin && <A href={`/commons/${commons.twin.id}`}>{commons.twin.name}</A>],
              ["Cluster", commons.cluster && <A href={`/clusters/${commons.cluster.id}`}>{commons.cluster.name}</A>],
              ["Release", commons.release ? <A key="r" href={`/commons?filter=release:${commons.release}`} className="plain">{commons.release}{commons.pins > 0 && ` + ${many(commons.pins, "pin")}`}</A> : "no monthly tag"],
              ["Behind", commons.behind ?? "cannot be told"],
              ["Services", <A key="s" href={`/commons/${id}/services`}>{services.filter((service) => service.enabled).length} on</A>],
              ["Findings", <Severities key="f" counts={commons.findings} href={(severity) => `/commons/${id}/findings?filter=severity:${severity}`} />],
              ["Chart", chart && <span key="c"><span className="mono">{chart.path}</span> at <Copy text={chart.revision} /></span>],
              ["Owners", commons.owners.join(", ")],
              ["Declared in", <Copy key="d" text={commons.folder} />],
              ["Last change", <A key="l" href={`/commons/${id}/timeline`}><When time={commons.last_change_at} /></A>],
            ]} />
            <div className="row">
              <Button onClick={() => { view.go(`/commons/${id}`); }}>Open the commons</Button>
              <Button variant="default" onClick={() => { view.go(`/commons/${id}/config`); }}>See its config</Button>
              {commons.twin && <Button variant="default" onClick={() => { view.go(`/compare?left=${id}&right=${commons.twin?.id ?? ""}`); }}>Compare with twin</Button>}
            </div>
          </div>
        )}
      </Answer>
    </Drawer>
  );
}
