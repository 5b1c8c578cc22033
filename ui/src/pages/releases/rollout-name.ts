import type { RolloutRow } from "@/api/types";

/** `release 2026.05`, `fence 13.0.3`. */
export const rolloutName = (row: RolloutRow): string => (row.kind === "release" ? `release ${row.tag}` : `${row.service ?? ""} ${row.tag}`);
