/** A path whose end stays when there is no room: the file and the line tell more than the first folders. */
export function PathText({ text, title }: { text: string; title?: string }) {
  const cut = text.lastIndexOf("/") + 1;
  return <Ended head={text.slice(0, cut)} tail={text.slice(cut)} title={title ?? text} />;
}

/** Two pieces of one text: the first gives way. */
export function Ended({ head, tail, title }: { head: string; tail: string; title: string }) {
  return <span className="ended mono" title={title}>{head && <span className="ended-head">{head}</span>}<span className="ended-tail">{tail}</span></span>;
}
