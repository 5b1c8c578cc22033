import { Popover } from "@mantine/core";
import { useState } from "react";
import { hasToken, toggleToken, type Facets } from "@/url/filter";
import { useView } from "@/url/view";

/** One facet as a menu: every value with its count; ticked values narrow the list. */
export function FacetMenu({ name, label, facets }: { name: string; label: string; facets: Facets }) {
  const view = useView();
  const filter = view.get("filter");
  const [search, setSearch] = useState("");
  const values = facets[name] ?? [];
  if (values.length === 0) return null;
  const ticked = values.filter(({ value }) => hasToken(filter, { name, value, not: false })).length;
  const shown = values.filter(({ value }) => value.toLowerCase().includes(search.toLowerCase()));
  return (
    <Popover position="bottom-start" shadow="md" trapFocus withinPortal transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <button type="button" className={ticked ? "menu-button on" : "menu-button"}>{label}{ticked > 0 && ` ${String(ticked)}`}<span aria-hidden> ▾</span></button>
      </Popover.Target>
      <Popover.Dropdown className="facet" aria-label={label}>
        {values.length > 8 && <input className="facet-search" placeholder={`Find in ${String(values.length)}`} aria-label={`Find in ${label}`} value={search} onChange={(event) => { setSearch(event.target.value); }} />}
        <ul>
          {shown.map(({ value, count }) => (
            <li key={value}>
              <label>
                <input type="checkbox" checked={hasToken(filter, { name, value, not: false })} onChange={() => { view.set({ filter: toggleToken(filter, { name, value, not: false }) || undefined }); }} />
                <span className="cut grow">{value}</span><span className="dim">{count}</span>
              </label>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
