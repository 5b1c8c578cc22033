// Times as people say them. "4 min ago" in the running text, the exact moment on hover and focus.
const UNITS: [number, string][] = [[60, "s"], [60, "min"], [24, "h"], [30.44, "d"], [12, "mo"], [Infinity, "y"]];

/** `12 s`, `4 min`, `3 d`, `8 mo`. */
export function span(milliseconds: number): string {
  let amount = Math.max(0, milliseconds) / 1000;
  for (const [size, unit] of UNITS) {
    if (amount < size) return `${String(Math.floor(amount))} ${unit}`;
    amount /= size;
  }
  return "";
}

export function ago(time: string, now: number): string {
  const past = now - Date.parse(time);
  if (past < -5000) return `in ${span(-past)}`;
  return past < 5000 ? "just now" : `${span(past)} ago`;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** `2026-11-25 04:13:18 UTC`: the same for everybody, and it sorts. */
export function exact(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : `${day(time)} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} UTC`;
}

export function day(time: string | number): string {
  const date = new Date(time);
  return `${String(date.getUTCFullYear())}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
}

export function clock(time: string): string {
  const date = new Date(time);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}
