import { useView } from "@/url/view";
import { nextSort, type Column } from "./columns";
import type { Selection } from "./selection";

export function Head<R>({ columns, selection, keys }: { columns: Column<R>[]; selection: Selection | undefined; keys: string[] }) {
  const view = useView();
  const sort = view.get("sort");
  const all = selection !== undefined && keys.length > 0 && keys.every((key) => selection.has(key));
  return (
    <>
      <colgroup>
        {selection && <col style={{ width: 32 }} />}
        {columns.map((column) => <col key={column.id} style={column.width ? { width: column.width } : undefined} />)}
      </colgroup>
      <thead>
        <tr>
          {selection && (
            <th scope="col" className="pick">
              <input type="checkbox" aria-label="Select all shown" checked={all} onChange={() => { selection.set(all ? [] : keys); }} />
            </th>
          )}
          {columns.map((column) => {
            const key = column.sort;
            const direction = key && sort === key ? "ascending" : key && sort === `-${key}` ? "descending" : undefined;
            return (
              <th key={column.id} scope="col" className={[column.align === "end" && "num", direction && "sorted"].filter(Boolean).join(" ") || undefined} aria-sort={direction}>
                {key ? (
                  <button type="button" className="bare sort" onClick={() => { view.set({ sort: nextSort(sort, key) }); }}>
                    <span className={column.width && column.width < 44 ? "hidden-text" : "cut"}>{column.head}</span><span aria-hidden className="sort-mark">{direction === "ascending" ? "▲" : direction === "descending" ? "▼" : ""}</span>
                  </button>
                ) : column.head || <span className="hidden-text">Actions</span>}
              </th>
            );
          })}
        </tr>
      </thead>
    </>
  );
}
