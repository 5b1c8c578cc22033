import { useEffect, useRef, type ReactNode } from "react";
import { useView } from "@/url/view";

/** The panel at the right for one thing, held by `?open=` in the URL. Esc closes it and gives the focus back. */
export function Drawer({ title, children, label }: { title: ReactNode; label: string; children: ReactNode }) {
  const view = useView();
  const panel = useRef<HTMLElement>(null);
  const close = () => { view.set({ open: undefined }); };
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => { if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true }); };
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (document.querySelector(".mantine-Modal-content, .mantine-Popover-dropdown, .mantine-Menu-dropdown")) return;
      view.set({ open: undefined });
    };
    window.addEventListener("keydown", onKey);
    return () => { window.removeEventListener("keydown", onKey); };
  }, [view]);
  return (
    <aside className="drawer" aria-label={label} tabIndex={-1} ref={panel}>
      <header className="drawer-head">
        <h2 className="grow">{title}</h2>
        <button type="button" className="bare icon" onClick={close} aria-label="Close (Esc)" title="Close (Esc)">✕</button>
      </header>
      <div className="drawer-body">{children}</div>
    </aside>
  );
}

/** Terms and their values, aligned. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {facts.filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false).map(([name, value]) => (
        <div key={name}><dt>{name}</dt><dd>{value}</dd></div>
      ))}
    </dl>
  );
}
