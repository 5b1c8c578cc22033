// Keys of a table: j/k or arrows move, enter opens the panel, o opens the page, x selects, y copies.
export type Move = { to: number } | { act: "open" | "page" | "select" | "copy" } | undefined;

export function keyOf(key: string, at: number, last: number): Move {
  switch (key) {
    case "j": case "ArrowDown": return { to: Math.min(last, at + 1) };
    case "k": case "ArrowUp": return { to: Math.max(0, at - 1) };
    case "Home": return { to: 0 };
    case "End": return { to: last };
    case "PageDown": return { to: Math.min(last, at + 15) };
    case "PageUp": return { to: Math.max(0, at - 15) };
    case "Enter": return { act: "open" };
    case "o": return { act: "page" };
    case "x": return { act: "select" };
    case "y": return { act: "copy" };
    default: return undefined;
  }
}

export const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !(target instanceof HTMLInputElement && target.type === "checkbox");
