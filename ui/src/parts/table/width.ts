import { useLayoutEffect, useState, type RefObject } from "react";

/** The width of an element, before the first paint and after every change. */
export function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const node = box.current;
    if (!node) return;
    const read = () => { setWidth(node.clientWidth); };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(node);
    return () => { observer.disconnect(); };
  }, [box]);
  return width;
}
