// The one way to the server, with the one error that comes back. A refused call, a lost network and an
// answer that is no JSON all become a Failure, which the error components know how to show.
import type { Problem } from "./types";

export type Query = Record<string, string | number | boolean | null | undefined>;

export class Failure extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "Failure";
  }
  get status(): number {
    return this.problem.status;
  }
  field(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.field.replace(/^\//, "") === name)?.message;
  }
}

let csrf: string | undefined;
export const setCsrf = (token: string | null | undefined) => {
  csrf = token ?? undefined;
};

export function withQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

const local = (status: number, code: string, title: string, detail: string): Failure =>
  new Failure({ type: `about:blank#${code}`, code, title, status, detail, errors: [], request_id: "" });

async function failureOf(response: Response): Promise<Failure> {
  const text = await response.text();
  try {
    return new Failure(JSON.parse(text) as Problem);
  } catch {
    return local(response.status, "unreadable", "The answer could not be read",
      `Status ${String(response.status)} without an explanation: a proxy before csoc may have answered. Try again; if it stays, ask who runs the proxy.`);
  }
}

async function send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method, headers, credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw local(0, "unreachable", "The server did not answer",
      "csoc is restarting, or the network between it and you is down. It is tried again by itself.");
  }
  if (!response.ok) throw await failureOf(response);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => send<T>("GET", withQuery(path, query), undefined, signal),
  post: <T>(path: string, body?: unknown) => send<T>("POST", path, body ?? {}),
  patch: <T>(path: string, body: unknown) => send<T>("PATCH", path, body),
  remove: <T>(path: string) => send<T>("DELETE", path),
};
