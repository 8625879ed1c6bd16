// The newest part of a history: what pages and live readers see. Bounded, so a partner may be served for days.
import type { HistoryEvent } from "../../history/event.ts";
import type { HistoryLog } from "../../history/history.ts";

export interface HistoryPage {
  events: HistoryEvent[];
  /** Ask again with `after: next`. */
  next: number;
  /** Number of the oldest event that is held; null: none is. */
  oldest: number | null;
  /** True when events after `after` are not held any more. */
  missed: boolean;
}

export interface PageRequest {
  after: number;
  limit: number;
  kind?: string | undefined;
  key?: string | undefined;
}

export interface HistoryWindow {
  page(request: PageRequest): HistoryPage;
  /** Number of the newest event; 0 before the first. */
  readonly newest: number;
  /** Called after each event, and at the end; returns how to stop. */
  onAppend(listener: () => void): () => void;
  /** Forgets what is held. Numbers go on. */
  clear(): void;
  /** Nothing more will come. Tells those who wait. */
  close(): void;
  readonly isClosed: boolean;
}

/** About ten megabytes at most: an event is a few hundred bytes, a callback's up to four thousand. */
const HELD_EVENTS = 10_000;

export function createHistoryWindow(
  history: Pick<HistoryLog, "subscribe">,
  { held = HELD_EVENTS, before = [] }: { held?: number; before?: readonly HistoryEvent[] } = {},
): HistoryWindow {
  let events: HistoryEvent[] = [...before];
  let newest = before.at(-1)?.seq ?? 0;
  let isClosed = false;
  const listeners = new Set<() => void>();
  const unsubscribe = history.subscribe((event) => {
    newest = event.seq;
    events.push(event);
    // Cut in large pieces: cutting one off a long array each time would copy it each time.
    if (events.length >= 2 * held) events = events.slice(-held);
    for (const listener of listeners) listener();
  });

  return {
    page({ after, limit, kind, key }) {
      const oldest = events[0]?.seq ?? null;
      const begin = oldest === null ? 0 : Math.max(0, after + 1 - oldest);
      const found: HistoryEvent[] = [];
      let next = Math.max(after, (oldest ?? newest + 1) - 1);
      for (let i = begin; i < events.length && found.length < limit; i++) {
        const event = events[i];
        if (event === undefined) break;
        next = event.seq;
        if ((kind === undefined || event.kind === kind) && (key === undefined || event.key === key))
          found.push(event);
      }
      const missed = after < (oldest ?? newest + 1) - 1;
      return { events: found, next, oldest, missed };
    },
    get newest() {
      return newest;
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      events = [];
    },
    close() {
      unsubscribe();
      isClosed = true;
      for (const listener of [...listeners]) listener();
      listeners.clear();
    },
    get isClosed() {
      return isClosed;
    },
  };
}
