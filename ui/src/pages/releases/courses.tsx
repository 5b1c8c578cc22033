import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "react";
import { useComputedColorScheme } from "@mantine/core";
import uPlot from "uplot";
import type { RolloutRow } from "@/api/types";
import { day } from "@/words/time";
import { rolloutName } from "./rollout-name";


const HEIGHT = 150;

/** All points of time, and for each rollout the share it had reached by then (steps, not slopes). */
export function shares(rollouts: RolloutRow[]): [number[], ...(number | null)[][]] {
  const times = [...new Set(rollouts.flatMap((row) => row.course.map((point) => Date.parse(point.at) / 1000)))].sort((a, b) => a - b);
  return [times, ...rollouts.map((row) => {
    const last = Date.parse(row.last_at) / 1000;
    let reached: number | null = null;
    let next = 0;
    return times.map((time) => {
      for (let point = row.course[next]; point && Date.parse(point.at) / 1000 <= time; point = row.course[++next]) reached = (point.commons / Math.max(1, row.of)) * 100;
      return row.done && time > last ? null : reached;
    });
  })];
}

export function Courses({ rollouts }: { rollouts: RolloutRow[] }) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  useEffect(() => {
    const node = box.current;
    if (!node) return;
    const css = getComputedStyle(document.documentElement);
    const colour = (name: string) => css.getPropertyValue(name).trim();
    const axis: uPlot.Axis = { stroke: colour("--dim"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui" };
    const strokes = ["--accent", "--text", "--maintenance", "--degraded", "--faint", "--healthy", "--progressing", "--dim"];
    const plot = new uPlot({
      width: node.clientWidth, height: HEIGHT,
      cursor: { points: { size: 5 } }, legend: { show: true, live: true },
      scales: { y: { range: [0, 100] } },
      axes: [{ ...axis, size: 26, values: (_, splits) => splits.map((split) => day(split * 1000).slice(2)), space: 90 }, { ...axis, values: (_, splits) => splits.map((split) => `${String(split)}%`), size: 44 }],
      series: [{ label: "", value: (_, value) => (value ? day(value * 1000) : "") }, ...rollouts.map((row, i) => ({
        label: rolloutName(row), stroke: colour(strokes[i % strokes.length] ?? "--text"), width: 1.5, dash: i >= 4 ? [5, 3] : [], spanGaps: false, points: { show: false },
        value: (_: uPlot, value: number | null) => (value === null ? "" : `${value.toFixed(0)}%`), ...(uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
      }))],
    }, shares(rollouts) as uPlot.AlignedData, node);
    const observer = new ResizeObserver(() => { plot.setSize({ width: node.clientWidth, height: HEIGHT }); });
    observer.observe(node);
    return () => { observer.disconnect(); plot.destroy(); };
  }, [rollouts, scheme]);
  return <figure className="courses" role="img" aria-label={`Share of commons reached over time by the last ${String(rollouts.length)} rollouts; the table below has the numbers`}><div ref={box} /></figure>;
}
