// One stream of changes for the whole page. An event names topics; the queries of those topics are read
// again. Every query key starts with its topic, so that this table is all there is to know.
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Shapes } from "./types";

export type Link = { state: "connecting" | "live" | "reconnecting"; since: number; seen: number };

let link: Link = { state: "connecting", since: Date.now(), seen: 0 };
const watchers = new Set<() => void>();

function tell(state: Link["state"], seen = link.seen) {
  link = { state, seen, since: state === link.state ? link.since : Date.now() };
  for (const watcher of watchers) watcher();
}

export const useLink = (): Link =>
  useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, () => link);

const ALSO: Record<string, string[]> = {
  now: ["now"], commons: ["commons", "values", "diff", "conflicts"], clusters: ["clusters"], releases: ["releases", "matrix", "rollouts"],
  changes: ["changes"], findings: ["findings", "rules"], sources: ["sources"], people: ["people", "organizations", "session"], settings: ["settings"],
};

export function listen(client: QueryClient): () => void {
  const stream = new EventSource("/api/v1/events");
  const alive = () => {
    tell("live", Date.now());
  };
  stream.onerror = () => { tell("reconnecting"); };
  stream.addEventListener("hello", () => {
    alive();
    // What happened before the stream stood is not known, at the first time as after a break: what was read
    // until now is read again. Unchanged answers cost an ETag.
    void client.invalidateQueries();
  });
  stream.addEventListener("change", (message: MessageEvent<string>) => {
    alive();
    const event = JSON.parse(message.data) as Shapes["Event"];
    for (const topic of event.topics) {
      for (const key of ALSO[topic] ?? [topic]) void client.invalidateQueries({ queryKey: [key] });
    }
  });
  return () => {
    stream.close();
  };
}
