import { Copy } from "./copy";
import { Out } from "./link";
import { PathText } from "./path";

/** A place in a file: copies with a click, and leads to the Git host at the exact line when it is known. */
export function Place({ path, line, prefix, url, short = false }: { short?: boolean; path: string | null | undefined; line?: number | null | undefined; prefix?: string | null | undefined; url?: string | null | undefined }) {
  if (!path) return null;
  const text = line ? `${path}:${String(line)}` : path;
  const href = url ?? (prefix ? `${prefix}${path}${line ? `#L${String(line)}` : ""}` : undefined);
  return <span className="row place"><Copy text={text}><PathText text={short ? text.split("/").slice(-2).join("/") : text} title={text} /></Copy>{href && <Out href={href} aria-label={`Open ${text} in Git`}>Git</Out>}</span>;
}
