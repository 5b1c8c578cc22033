import { useRouter } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { write } from "@/url/search";
import { useView } from "@/url/view";

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> & { href: string };

/** A link inside the interface. It keeps the scope, opens in a new tab like any link, and loads ahead on hover. */
export function A({ href, onClick, children, ...rest }: Props) {
  const view = useView();
  const router = useRouter();
  const target = view.href(href);
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    event.stopPropagation();
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    router.history.push(target);
  };
  return <a {...rest} href={target} onClick={click}>{children}</a>;
}

/** Opens the panel of one row of the page one is on; filter, sort and the rest stay. */
export function Here({ open, ...rest }: Omit<Props, "href"> & { open: string }) {
  const view = useView();
  return <A {...rest} href={view.path + write({ ...view.search, open })} />;
}

/** A link to the Git host or elsewhere outside. */
export function Out({ href, children, ...rest }: Props) {
  return <a {...rest} href={href} target="_blank" rel="noreferrer noopener">{children}<span className="out" aria-hidden> ↗</span></a>;
}
