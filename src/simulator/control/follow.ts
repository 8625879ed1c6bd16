// Live events as an async iterator. Its only buffer is the window: a reader that falls out of it is told so.
import type { HistoryEvent } from "../../history/event.ts";
import { ControlError } from "./control-error.ts";
import type { HistoryWindow } from "./history-window.ts";

export interface FollowOptions {
  /** Begin after this event; default: only what happens from now on. 0: everything that is held. */
  after?: number | undefined;
  signal?: AbortSignal | undefined;
}

const PAGE = 100;

/** Ends when `signal` aborts, and when the partner is closed. Throws ControlError (410) when the reader was too slow and missed events. */
export async function* follow(
  window: HistoryWindow,
  { after, signal }: FollowOptions = {},
): AsyncGenerator<HistoryEvent, void, undefined> {
  let cursor = after ?? window.newest;
  let isFirst = true;
  while (!signal?.aborted) {
    const { events, next, missed } = window.page({ after: cursor, limit: PAGE });
    if (missed && !(isFirst && cursor === 0)) throw tooSlow(cursor, next - events.length);
    isFirst = false;
    for (const event of events) {
      if (signal?.aborted) return;
      yield event;
    }
    cursor = next;
    if (events.length === 0 && window.isClosed) return;
    if (events.length === 0) await nextAppend(window, cursor, signal);
  }
}

export function tooSlow(after: number, oldest: number): ControlError {
  return new ControlError(
    410,
    `events ${after + 1} to ${oldest} are not held any more: read faster, or again`,
  );
}

function nextAppend(window: HistoryWindow, cursor: number, signal: AbortSignal | undefined): Promise<void> {
  if (window.newest > cursor || window.isClosed || signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      stop();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const stop = window.onAppend(done);
    signal?.addEventListener("abort", done, { once: true });
  });
}
