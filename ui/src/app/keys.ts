// Keys that work everywhere: ⌘K the palette, / the filter, g and a letter a jump, ? the help.
import { useEffect } from "react";
import { typing } from "@/parts/table/keys";
import { useView } from "@/url/view";
import { SECTIONS } from "./sections";

export function useKeys(show: (what: "palette" | "help" | undefined) => void): void {
  const view = useView();
  useEffect(() => {
    let g = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        show("palette");
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
      if (document.querySelector("[role=dialog][aria-modal=true], dialog[open]")) return;
      if (event.timeStamp - g < 1500 && g > 0) {
        g = 0;
        const section = SECTIONS.find((one) => one.key === event.key);
        if (section) {
          event.preventDefault();
          event.stopPropagation();
          view.go(section.href);
        }
        return;
      }
      if (event.key === "g") g = event.timeStamp;
      else if (event.key === "?") show("help");
      else if (event.key === "/") {
        event.preventDefault();
        const filter = document.querySelector<HTMLInputElement>("input[data-filter]");
        if (filter) filter.focus();
        else show("palette");
      } else if ((event.key === "j" || event.key === "k") && !(event.target instanceof HTMLElement && event.target.closest(".table-scroll"))) {
        document.querySelector<HTMLElement>(".table-scroll tr[tabindex='0']")?.focus();
      }
    };
    // Before the table sees it: `g k` goes to the clusters, it does not move a row up.
    window.addEventListener("keydown", onKey, true);
    return () => { window.removeEventListener("keydown", onKey, true); };
  }, [show, view]);
}
