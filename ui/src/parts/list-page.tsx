// A list page is a declaration: title, question, columns, filter words, groups. Everything else is here.
import { Button, Menu, Popover } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ListOptions } from "@/api/queries";
import { useCallback, useMemo, type ReactNode } from "react";
import { useTitle } from "@/app/title";
import { passes, type Facets } from "@/url/filter";
import { useView } from "@/url/view";
import { FacetMenu } from "./filter/facet";
import { FilterBar } from "./filter/bar";
import { Answer, Empty, Skeleton } from "./states";
import type { Column } from "./table/columns";
import type { Selection } from "./table/selection";
import { Table } from "./table/table";
import { SaveView } from "./save-view";

export interface ListDeclaration<R> {
  title: string;
  /** Under a heading that stands already: one line that says what the list is, in place of the title. */
  intro?: string;
  /** `finding` for "47 findings". */
  noun: string;
  ask: ListOptions<R>;
  rowKey: (row: R) => string;
  rowName: (row: R) => string;
  columns: Column<R>[];
  page?: (row: R) => string;
  copy?: (row: R) => string;
  /** The panel of what `?open=` names, among the rows that are read. */
  panel?: (id: string, rows: R[]) => ReactNode;
  /** Between the head and the rows. */
  above?: (rows: R[]) => ReactNode;
  /** Milliseconds after which these rows are read again, where waiting for an event is too slow. */
  again?: (rows: R[]) => number | false;
  filters: Record<string, string>;
  /** Values that exist, for completion and facets. */
  facets?: (rows: R[]) => Facets;
  facetMenus?: [name: string, label: string][];
  groups?: Record<string, (row: R) => string>;
  groupOrder?: string[];
  selection?: Selection;
  actions?: ReactNode;
  tools?: ReactNode;
  /** For a list that comes whole and that the server does not filter or sort. */
  here?: { values: (row: R, name: string) => (string | null | undefined)[]; words: (row: R) => string; sorts: Record<string, (a: R, b: R) => number> };
  /** Why there may be nothing, and what would bring some. */
  none: { title: string; why: ReactNode; action?: ReactNode };
}

export function useRows<R>(options: ListOptions<R>, again?: (rows: R[]) => number | false) {
  const asked = useInfiniteQuery({ ...options, refetchInterval: (query) => again?.(query.state.data?.pages.flatMap((page) => page.items) ?? []) ?? false });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const rows = useMemo(() => asked.data?.pages.flatMap((page) => page.items) ?? [], [asked.data]);
  const more = useCallback(() => { if (hasNextPage && !isFetchingNextPage) void fetchNextPage(); }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { asked, rows, total: asked.data?.pages[0]?.total, more };
}

function arrange<R>(rows: R[], here: NonNullable<ListDeclaration<R>["here"]>, filter: string | undefined, sort: string | undefined): R[] {
  const kept = rows.filter((row) => passes(filter, (name) => here.values(row, name), here.words(row)));
  const order = here.sorts[sort?.replace(/^-/, "") ?? ""];
  return order ? kept.sort((a, b) => (sort?.startsWith("-") ? order(b, a) : order(a, b))) : kept;
}

export function ListPage<R>(props: ListDeclaration<R>) {
  useTitle(props.title);
  const view = useView();
  const { asked, rows: all, total: counted, more } = useRows(props.ask, props.again);
  const filter = view.get("filter");
  const sort = view.get("sort");
  const rows = useMemo(() => (props.here ? arrange(all, props.here, filter, sort) : all), [all, filter, sort]); // eslint-disable-line react-hooks/exhaustive-deps
  const total = props.here && filter && counted !== undefined ? rows.length : counted;
  const facets = useMemo(() => props.facets?.(all) ?? {}, [props.facets, all]); // eslint-disable-line react-hooks/exhaustive-deps
  const group = view.get("group");
  const open = view.get("open");
  const filtered = view.get("filter") ?? view.get("tier") ?? view.get("organization");
  return (
    <div className="page">
      <div className={props.intro ? "page-head slim" : "page-head"}>
        {!props.intro && <h1>{props.title}</h1>}
        <span className="count" role="status">{total === undefined ? "" : total.toLocaleString("en")}</span>
        <FilterBar names={props.filters} facets={facets} placeholder={`Filter ${props.title.toLowerCase()}`} />
        <span className="row wide-only">
          {props.facetMenus?.map(([name, label]) => <FacetMenu key={name} name={name} label={label} facets={facets} />)}
          {props.groups && <GroupMenu groups={Object.keys(props.groups)} />}
          {!props.intro && <><ColumnMenu columns={props.columns} /><SaveView /></>}
        </span>
        {props.intro && <span className="dim grow wide-only list-intro cut">{props.intro}</span>}
        {props.tools}
      </div>
      {props.selection && props.selection.size > 0 && <div className="actions" role="status"><b>{props.selection.size} selected</b>{props.actions}<button type="button" className="bare dim" onClick={() => { props.selection?.set([]); }}>clear</button></div>}
      <div className="page-body">
        <div className="page grow">
          <Answer asked={asked} skeleton={<Skeleton lines={18} />} refused={<ShowAll />}>
            {() => rows.length === 0
              ? filtered
                ? <Empty title={`No ${props.title.toLowerCase()} match`} action={<ShowAll />}>The filter and the scope leave none. Take one of the tokens away.</Empty>
                : <Empty title={props.none.title} action={props.none.action}>{props.none.why}</Empty>
              : <>{props.above?.(rows)}<Table label={props.title} rows={rows} rowKey={props.rowKey} rowName={props.rowName} columns={props.columns} page={props.page} copy={props.copy}
                  panel={props.panel !== undefined} groupBy={group ? props.groups?.[group] : undefined} groupOrder={props.groupOrder ?? []} selection={props.selection} more={more} /></>}
          </Answer>
        </div>
        {open && props.panel?.(open, all)}
      </div>
    </div>
  );
}

function ShowAll() {
  const view = useView();
  return <Button variant="default" onClick={() => { view.set({ filter: undefined, sort: undefined, tier: undefined, organization: undefined }); }}>Show all</Button>;
}

function GroupMenu({ groups }: { groups: string[] }) {
  const view = useView();
  const now = view.get("group");
  return (
    <Menu position="bottom-start">
      <Menu.Target><button type="button" className={now ? "menu-button on" : "menu-button"}>group{now && `: ${now}`}<span aria-hidden> ▾</span></button></Menu.Target>
      <Menu.Dropdown>
        {[undefined, ...groups].map((name) => <Menu.Item key={name ?? ""} onClick={() => { view.set({ group: name }); }}>{now === name ? "● " : "○ "}{name ?? "not grouped"}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}

function ColumnMenu<R>({ columns }: { columns: Column<R>[] }) {
  const view = useView();
  const chosen = view.get("columns")?.split(",") ?? columns.filter((column) => !column.optional).map((column) => column.id);
  const toggle = (id: string) => {
    const next = columns.map((column) => column.id).filter((one) => (one === id ? !chosen.includes(one) : chosen.includes(one)));
    view.set({ columns: next.join(",") });
  };
  return (
    <Popover position="bottom-end" shadow="md" trapFocus transitionProps={{ duration: 0 }}>
      <Popover.Target><button type="button" className="menu-button">columns<span aria-hidden> ▾</span></button></Popover.Target>
      <Popover.Dropdown className="facet" aria-label="Columns">
        <ul>{columns.slice(1).map((column) => (
          <li key={column.id}><label><input type="checkbox" checked={chosen.includes(column.id)} onChange={() => { toggle(column.id); }} /><span className="grow">{column.head}</span></label></li>
        ))}</ul>
      </Popover.Dropdown>
    </Popover>
  );
}
