import type { Shapes } from "@/api/types";

export function Layouts({ layouts }: { layouts: Shapes["LayoutRow"][] }) {
  return (
    <section className="section"><header><h2>How it is read</h2></header>
      {layouts.length === 0 ? <p className="dim">No layout recognized yet.</p> : <ul className="stack">{layouts.map((one) => <li key={one.layout + one.root}><b>{one.layout}</b> <span className="mono dim">{one.root || "/"}</span><br /><span className="dim">{one.reason}</span></li>)}</ul>}
    </section>
  );
}
