import { useEffect, useState, type MouseEvent, type ReactNode } from "react";

async function toClipboard(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

/** Text that copies with a click: hostnames, tags, hashes, paths. It says so where it stands. */
export function Copy({ text, children, mono = true, label }: { text: string; children?: ReactNode; mono?: boolean; label?: string }) {
  const [state, setState] = useState<"" | "copied" | "failed">("");
  useEffect(() => {
    if (!state) return;
    const timer = setTimeout(() => { setState(""); }, 1500);
    return () => { clearTimeout(timer); };
  }, [state]);
  const click = (event: MouseEvent) => {
    event.stopPropagation();
    toClipboard(text).then(() => { setState("copied"); }, () => { setState("failed"); });
  };
  return (
    <button type="button" className={`bare copy${mono ? " mono" : ""}`} onClick={click} title={`Copy ${text}`} aria-label={label ? `Copy ${label}` : undefined}>
      {!label && <span className="hidden-text">Copy </span>}
      <span className="cut">{children ?? text}</span>
      <svg className="copy-mark" width="12" height="12" viewBox="0 0 12 12" aria-hidden><path d="M4 1.5h6.5V8M1.5 4H8v6.5H1.5z" fill="none" stroke="currentColor" /></svg>
      <span role="status" className="copy-said">{state}</span>
    </button>
  );
}
