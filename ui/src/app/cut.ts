// What is cut off for want of room says itself whole on hover, wherever it stands.
import { useEffect } from "react";

const CUT = ".cut, .ended, .table td, .table th";
const isCut = (node: Element): boolean => node.scrollWidth > node.clientWidth + 1;

export function useCutTitles(): void {
  useEffect(() => {
    const onOver = (event: PointerEvent) => {
      const node = event.target instanceof Element ? event.target.closest<HTMLElement>(CUT) : null;
      // A title that a page gave says more than the text does.
      if (!node || node.closest("[title]:not([data-whole])")) return;
      if (isCut(node) || [...node.querySelectorAll(".cut")].some(isCut)) {
        node.title = node.textContent;
        node.dataset.whole = "";
      } else if (node.dataset.whole !== undefined) {
        node.removeAttribute("title");
        delete node.dataset.whole;
      }
    };
    document.addEventListener("pointerover", onOver);
    return () => { document.removeEventListener("pointerover", onOver); };
  }, []);
}
