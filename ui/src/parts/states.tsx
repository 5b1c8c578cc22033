// What a page shows when it has nothing to show yet, nothing at all, no right to, or an error. Solved here,
// once. Skeletons have the size of what comes, so that nothing jumps.
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Failure } from "@/api/client";
import { A } from "./link";
import { Copy } from "./copy";

export function Empty({ title, children, action, page = false }: { title: string; children?: ReactNode; action?: ReactNode; page?: boolean }) {
  return (
    <div className="blank" role="status">
      {page ? <h1>{title}</h1> : <p className="strong">{title}</p>}
      {children && <p className="dim">{children}</p>}
      {action && <div className="row">{action}</div>}
    </div>
  );
}

const TITLES: Record<string, string> = {
  forbidden: "You may not see this",
  not_found: "This is not here",
  unreachable: "The server did not answer",
  throttled: "Too many tries",
  invalid: "It cannot be done as it was asked",
};

/** Whether asking once more can help: not when the question itself was refused. */
const worthAgain = (status: number | undefined): boolean => status === undefined || status === 0 || status === 429 || status >= 500;

interface FailedProps { error: unknown; retry?: (() => void) | undefined; compact?: boolean; action?: ReactNode }

export function Failed({ error, retry, compact = false, action }: FailedProps) {
  const problem = error instanceof Failure ? error.problem : undefined;
  const title = (problem && (TITLES[problem.code] ?? problem.title)) ?? "The page could not be drawn";
  const detail = problem?.detail ?? (error instanceof Error ? error.message : String(error));
  // The server repeats the only mistake in its detail; it is said once.
  const mistakes = problem?.errors?.filter((one) => !detail.includes(one.message.replace(/ \(at character \d+\)$/, ""))) ?? [];
  return (
    <div className={compact ? "blank compact" : "blank"} role="alert">
      <p className="strong">{title}</p>
      <p className="dim">{detail}</p>
      {mistakes.map((one) => <p key={one.field} className="dim"><code>{one.field}</code> {one.message}</p>)}
      {problem?.status === 403 && <p className="dim">A person with the role admin can grant it under <A href="/settings/people">Settings, People</A>.</p>}
      {problem?.status === 404 && !compact && <p className="dim">It was removed, the link is old, or it belongs to an organization that you cannot see. ⌘K finds by name what there is.</p>}
      <div className="row">
        {action}
        {retry && worthAgain(problem?.status) && <Button size="xs" variant="default" onClick={retry}>Try again</Button>}
        {problem?.request_id && <span className="tiny dim">request <Copy text={problem.request_id} /></span>}
      </div>
    </div>
  );
}

export function Skeleton({ lines, height = 32 }: { lines: number; height?: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, i) => <i key={i} style={{ height }}><b /></i>)}
    </div>
  );
}

interface Asked<D> { data: D | undefined; error: unknown; isPending: boolean; refetch: () => unknown }

/** Draws what was asked: skeleton, failure, or the thing. A failure after a success keeps the old data and says so. */
export function Answer<D>({ asked, skeleton, refused, children }: { asked: Asked<D>; skeleton?: ReactNode; /** What helps when the question was refused. */ refused?: ReactNode; children: (data: D) => ReactNode }) {
  const retry = () => { void asked.refetch(); };
  if (asked.data !== undefined) {
    return <>{asked.error !== null && <Old error={asked.error} retry={retry} />}{children(asked.data)}</>;
  }
  if (asked.error !== null) return <Failed error={asked.error} retry={retry} action={asked.error instanceof Failure && asked.error.status === 422 ? refused : undefined} />;
  return <>{skeleton ?? <Skeleton lines={8} />}</>;
}

function Old({ error, retry }: { error: unknown; retry: () => void }) {
  const reason = error instanceof Error ? error.message : String(error);
  return (
    <div className="note warn" role="alert">
      <span>This is what was last read; reading it again failed. {reason}</span>
      <Button size="compact-xs" variant="default" onClick={retry}>Try again</Button>
    </div>
  );
}
