// ⌘K: everything by name, and what can be done. The browser's own dialog, because it takes the focus in the
// same moment: what is typed right after ⌘K must not be lost.
import { useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { ask } from "@/api/queries";
import { setDensity, useDensity } from "./appearance";
import { SECTIONS } from "./sections";
import { useMay } from "./me";
import { useView } from "@/url/view";

interface Entry { id: string; title: string; detail: string; kind: string; run: () => void }

function useCommands(help: () => void): Entry[] {
  const view = useView();
  const may = useMay();
  const { setColorScheme } = useMantineColorScheme();
  const density = useDensity();
  const go = SECTIONS.filter((section) => !section.permission || may(section.permission)).map((section) => ({
    id: section.href, title: `Go to ${section.name}`, detail: `g ${section.key}`, kind: "page", run: () => { view.go(section.href); },
  }));
  const act: Entry[] = [
    { id: "light", title: "Light", detail: "appearance", kind: "command", run: () => { setColorScheme("light"); } },
    { id: "dark", title: "Dark", detail: "appearance", kind: "command", run: () => { setColorScheme("dark"); } },
    { id: "auto", title: "Light or dark as the system", detail: "appearance", kind: "command", run: () => { setColorScheme("auto"); } },
    { id: "rows", title: density === "compact" ? "Rows of normal height" : "Compact rows", detail: "appearance", kind: "command", run: () => { setDensity(density === "compact" ? "normal" : "compact"); } },
    { id: "link", title: "Copy the link to this view", detail: "", kind: "command", run: () => { void navigator.clipboard.writeText(window.location.href); } },
    { id: "behind", title: "Commons more than two releases behind", detail: "view", kind: "command", run: () => { view.go("/commons?filter=behind:>2&sort=-behind"); } },
    { id: "prod", title: "Open findings in production", detail: "view", kind: "command", run: () => { view.go("/findings?filter=tier:production%20state:open"); } },
    { id: "help", title: "Keys and filters", detail: "?", kind: "command", run: help },
  ];
  if (may("source:edit")) act.push({ id: "source", title: "Add a source", detail: "settings", kind: "command", run: () => { view.go("/settings/sources?open=new"); } });
  return [...go, ...act];
}

export function Palette({ close, help }: { close: () => void; help: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => { dialog.current?.showModal(); }, []);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [asked] = useDebouncedValue(text.trim(), 80);
  const view = useView();
  const commands = useCommands(help);
  const found = useQuery({ ...ask.search(asked), enabled: asked.length > 0 });
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = commands.filter((one) => words.every((word) => `${one.title} ${one.detail}`.toLowerCase().includes(word)));
  const results: Entry[] = text.trim() === "" ? [] : (found.data ?? []).map((one) => ({ id: `${one.kind} ${one.id}`, title: one.title, detail: one.detail, kind: one.kind, run: () => { view.go(one.href); } }));
  const entries = [...results, ...matching];
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    entry.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(entries.length - 1, at + 1));
    else if (event.key === "ArrowUp") setAt(Math.max(0, at - 1));
    else if (event.key === "Enter") run(entries[at]);
    else return;
    event.preventDefault();
  };
  return (
    // A click beside it closes it, as Esc does.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog ref={dialog} className="palette" aria-label="Search and commands" onClose={close} onClick={(event) => { if (event.target === event.currentTarget) close(); }}>
      <input className="palette-field" placeholder="Commons, services, changes, findings, commands" aria-label="Search and commands" role="combobox" aria-expanded
        aria-controls="palette-list" aria-activedescendant={entries[at] ? `palette-${String(at)}` : undefined} value={text} autoComplete="off" spellCheck={false}
        onChange={(event) => { setText(event.target.value); setAt(0); }} onKeyDown={onKey} />
      <div className="palette-list" id="palette-list" role="listbox" aria-label="Results">
        {entries.map((entry, i) => (
          // The field keeps the focus and handles the keys.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div key={entry.id} id={`palette-${String(i)}`} role="option" aria-selected={i === at} tabIndex={-1} className={i === at ? "on" : undefined}
            ref={(node) => { if (i === at) node?.scrollIntoView({ block: "nearest" }); }} onMouseMove={() => { setAt(i); }} onClick={() => { run(entry); }}>
            <span className="palette-kind">{entry.kind}</span><span className="cut">{entry.title}</span><span className="dim cut grow end">{entry.detail}</span>
          </div>
        ))}
      </div>
      {entries.length === 0 && <p className="palette-none dim" role="status">{found.isFetching ? "Searching" : found.error ? `The search failed: ${found.error.message}` : `Nothing is called “${text}”. Try a part of a hostname, a service, a tag, a commit or a rule.`}</p>}
    </dialog>
  );
}
