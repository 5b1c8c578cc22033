// The rollouts a commons took part in, or is still missing from. The list of rollouts does not name who took
// part; the moments of its course do tell which of them can hold a landing of this commons, and only those are
// asked for.
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { ask } from "@/api/queries";
import type { ChangeRow, CommonsDetail, RolloutDetail, RolloutRow } from "@/api/types";
import { useRows } from "@/parts/list-page";
import { rolloutName } from "@/pages/releases/rollout-name";
import type { Mark } from "./lanes";

/** The rollouts whose course has a step at the moment of one of these landings. */
export const candidates = (rollouts: RolloutRow[], landings: Pick<ChangeRow, "time">[]): RolloutRow[] => {
  const times = new Set(landings.map((landing) => Date.parse(landing.time)));
  return rollouts.filter((row) => row.course.some((point) => times.has(Date.parse(point.at))));
};

/** One rollout on this commons' timeline: where it reached it, or that it has not. */
export function markOf(rollout: RolloutRow, commons: string, detail?: RolloutDetail): Mark | undefined {
  const step = detail?.steps.find((one) => one.commons.id === commons);
  const missing = rollout.missing.some((one) => one.id === commons);
  if (!step && !missing) return undefined;
  const share = `${String(rollout.commons)} of ${String(rollout.of)} commons`;
  return {
    lane: "rollouts", id: rollout.id, at: Date.parse(rollout.first_at), end: Date.parse(rollout.last_at), odd: missing,
    text: missing ? `${rolloutName(rollout)}: not here yet, ${share}` : `${rolloutName(rollout)}: here with this landing, ${share}`,
    here: step ? Date.parse(step.at) : undefined, landing: step?.change,
  };
}

export function useRolloutMarks({ commons }: CommonsDetail, landings: ChangeRow[]): Mark[] {
  const { rows } = useRows(ask.rollouts({ organization: commons.organization, limit: 500 }));
  const possible = useMemo(() => candidates(rows, landings), [rows, landings]);
  const details = useQueries({
    queries: possible.map((row) => ask.rollout(row.id)),
    combine: (all) => new Map(all.flatMap((one): [string, RolloutDetail][] => (one.data ? [[one.data.rollout.id, one.data]] : []))),
  });
  return useMemo(() => rows.flatMap((row) => markOf(row, commons.id, details.get(row.id)) ?? []), [rows, details, commons.id]);
}
