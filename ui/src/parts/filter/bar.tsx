// The filter of a list: tokens typed or clicked, completed from what exists, kept in `?filter=`.
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { useView } from "@/url/view";
import { readFilter, writeFilter, writeToken, type Facets, type Token } from "@/url/filter";
import { complete } from "./complete";
import "./filter.css";

/** `names`: what can be asked for; `facets`: the values that exist. */
export function FilterBar({ names, facets, placeholder = "Filter" }: { names: Record<string, string>; facets: Facets; placeholder?: string }) {
  const view = useView();
  const tokens = readFilter(view.get("filter"));
  const [text, setText] = useState("");
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const offers = open ? complete(text, names, facets) : [];
  const put = (next: Token[]) => { view.set({ filter: writeFilter(next) || undefined, open: undefined }); };
  const add = (written: string) => {
    put([...tokens, ...readFilter(written)]);
    setText("");
    setAt(-1);
  };
  const choose = (offer: string) => {
    if (offer.endsWith(":")) { setText(offer); setAt(-1); } else add(offer);
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") { event.preventDefault(); setOpen(true); setAt(Math.min(offers.length - 1, at + 1)); }
    else if (event.key === "ArrowUp") { event.preventDefault(); setAt(Math.max(-1, at - 1)); }
    else if (event.key === "Enter") { event.preventDefault(); const offer = offers[at]; if (offer) choose(offer.text); else if (text.trim()) add(text); }
    else if (event.key === "Tab" && offers[at]) { event.preventDefault(); choose(offers[at].text); }
    else if (event.key === "Escape") { if (open && offers.length) { event.preventDefault(); setOpen(false); } else input.current?.blur(); }
    else if (event.key === "Backspace" && text === "" && tokens.length) {
      event.preventDefault();
      const last = tokens.at(-1);
      put(tokens.slice(0, -1));
      setText(last ? writeToken(last) : "");
    }
  };
  return (
    <div className="filter" role="search">
      {tokens.map((token, i) => (
        <span key={i} className={token.not ? "token not" : "token"}>
          <button type="button" className="bare" title="Turn around: exclude or include" aria-label={`${token.not ? "Include" : "Exclude"} ${writeToken(token)}`}
            onClick={() => { put(tokens.map((one, j) => (j === i ? { ...one, not: !one.not } : one))); }}>
            {token.not && <b>not </b>}{token.name && <span className="dim">{token.name}:</span>}{token.value}
          </button>
          <button type="button" className="bare token-x" aria-label={`Remove ${writeToken(token)}`} onClick={() => { put(tokens.filter((_, j) => j !== i)); }}>✕</button>
        </span>
      ))}
      <input ref={input} data-filter value={text} placeholder={tokens.length ? "" : `${placeholder}  /`} aria-label={placeholder} role="combobox" aria-expanded={offers.length > 0}
        aria-controls={list} aria-activedescendant={at >= 0 ? `${list}-${String(at)}` : undefined} aria-autocomplete="list" autoComplete="off" spellCheck={false}
        onChange={(event) => { setText(event.target.value); setOpen(true); setAt(-1); }} onKeyDown={onKey}
        onFocus={() => { setOpen(true); }} onBlur={() => { setOpen(false); if (text.trim() && !text.endsWith(":")) add(text); }} />
      {tokens.length > 0 && <button type="button" className="bare dim clear" onClick={() => { put([]); }}>clear</button>}
      <div id={list} role="listbox" aria-label="Filters" className={offers.length ? "offers" : "offers none"}>
        {offers.map((offer, i) => (
          // Focus stays in the field; the keys are handled there.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div key={offer.text} id={`${list}-${String(i)}`} role="option" aria-selected={i === at} className={i === at ? "on" : undefined} tabIndex={-1}
            onMouseDown={(event) => { event.preventDefault(); }} onClick={() => { choose(offer.text); }}>
            <code>{offer.text}</code><span className="dim cut">{offer.note}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
