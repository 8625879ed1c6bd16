// Waiting for an event: what has happened already counts, and the wait is always bounded.

import type { HistoryEvent } from "../../history/event.ts";
import { ControlError } from "./control-error.ts";

/** Fields that an event must have (`{ kind: "callback.acked", key: "CLM-1" }`), or a function that says so. */
export type EventCondition = EventPattern | ((event: HistoryEvent) => boolean);
export type EventPattern = { kind?: HistoryEvent["kind"]; key?: string; [field: string]: unknown };

export interface WaitOptions {
  /** Default 5 s. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Only events after this one; default: everything that is held. */
  after?: number | undefined;
}

type Follow = (options: { after: number; signal: AbortSignal }) => AsyncIterable<HistoryEvent>;

const DEFAULT_TIMEOUT_MS = 5_000;
/** How many of the last events the message names. */
const TOLD = 8;

/** The first event that fits. Rejects when none came in time, with what came instead, and when the partner is closed. */
export async function waitFor(
  follow: Follow,
  condition: EventCondition,
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal, after = 0 }: WaitOptions = {},
): Promise<HistoryEvent> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const seen: string[] = [];
  const stop = signal ? AbortSignal.any([signal, timeout]) : timeout;
  for await (const event of follow({ after, signal: stop })) {
    if (fits(event, condition)) return event;
    seen.push(`${event.kind}${event.key === undefined ? "" : ` ${event.key}`}`);
    if (seen.length > TOLD) seen.shift();
  }
  signal?.throwIfAborted();
  if (!timeout.aborted) throw new ControlError(410, "the partner was closed");
  const wanted = typeof condition === "function" ? "" : ` like ${JSON.stringify(condition)}`;
  const last = seen.length === 0 ? "nothing happened" : `the last ones: ${seen.join(", ")}`;
  throw new Error(`no event${wanted} within ${timeoutMs} ms; ${last}`);
}

function fits(event: HistoryEvent, condition: EventCondition): boolean {
  if (typeof condition === "function") return condition(event);
  return Object.entries(condition).every(
    ([name, wanted]) => Object.hasOwn(event, name) && Reflect.get(event, name) === wanted,
  );
}
