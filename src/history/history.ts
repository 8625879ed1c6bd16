// Append-only list of events with subscribers. Nothing is ever changed or removed.
import type { Clock } from "../lib/clock.ts";
import type { HistoryEvent, NewEvent, Phase } from "./event.ts";

export interface HistoryLog {
  readonly events: readonly HistoryEvent[];
  /** Stamps and appends; `t` may be given for what happened a moment ago. */
  append(event: NewEvent, t?: number): HistoryEvent;
  subscribe(listener: (event: HistoryEvent) => void): () => void;
  readonly phase: Phase;
  now(): number;
}

/** What its owner may do besides: say which phase what happens belongs to. */
export interface OwnedHistoryLog extends HistoryLog {
  phase: Phase;
}

export interface HistoryLogOptions {
  clock: Clock;
  /** Called for each event in order, before subscribers: the file writer. */
  sink?: (event: HistoryEvent) => void;
  /** False: events only pass through, for a partner that is served for days. Default true. */
  keeps?: boolean;
}

export function createHistoryLog({ clock, sink, keeps = true }: HistoryLogOptions): OwnedHistoryLog {
  const events: HistoryEvent[] = [];
  let count = 0;
  const listeners = new Set<(event: HistoryEvent) => void>();
  const log: OwnedHistoryLog = {
    events,
    phase: "baseline",
    now: () => clock.now(),
    append(event, t = clock.now()) {
      const stamped = {
        seq: ++count,
        t: Math.round(t * 1_000) / 1_000,
        phase: log.phase,
        ...event,
      } as HistoryEvent;
      if (keeps) events.push(stamped);
      sink?.(stamped);
      for (const listener of listeners) listener(stamped);
      return stamped;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return log;
}
