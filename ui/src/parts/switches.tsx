import { useView } from "@/url/view";

/** A choice of few, kept in the URL. */
export function Segments({ name, label, options }: { name: string; label: string; options: [value: string, text: string][] }) {
  const view = useView();
  const now = view.get(name) ?? options[0]?.[0] ?? "";
  return (
    <span className="segments" role="group" aria-label={label}>
      {options.map(([value, text]) => <button key={value} type="button" aria-pressed={now === value} onClick={() => { view.set({ [name]: value || undefined }); }}>{text}</button>)}
    </span>
  );
}

/** Yes or no, kept in the URL. */
export function Tick({ name, label, on = "yes" }: { name: string; label: string; on?: string }) {
  const view = useView();
  return <label className="tick"><input type="checkbox" checked={view.get(name) === on} onChange={(event) => { view.set({ [name]: event.target.checked ? on : undefined }); }} />{label}</label>;
}
