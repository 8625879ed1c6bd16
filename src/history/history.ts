// Append-only list of events with subscribers. Nothing is ever changed or removed.
import type { Clock } from "../lib/clock.ts";
import type { HistoryEvent, NewEvent, Phase } from "./event.ts";

export interface HistoryLog {
  readonly events: readonly HistoryEvent[];
  /** Stamps and appends; `t` may be given for what happened a moment ago. */
  append(event: NewEvent, t?: number): HistoryEvent;
  subscribe(listener: (event: HistoryEvent) => void): () => void;
  phase: Phase;
  now(): number;
}

export interface HistoryLogOptions {
  clock: Clock;
  /** Called for each event in order, before subscribers: the file writer. */
  sink?: (event: HistoryEvent) => void;
}

export function createHistoryLog({ clock, sink }: HistoryLogOptions): HistoryLog {
  const events: HistoryEvent[] = [];
  const listeners = new Set<(event: HistoryEvent) => void>();
  const log: HistoryLog = {
    events,
    phase: "baseline",
    now: () => clock.now(),
    append(event, t = clock.now()) {
      const stamped = {
        seq: events.length + 1,
        t: Math.round(t * 1_000) / 1_000,
        phase: log.phase,
        ...event,
      } as HistoryEvent;
      events.push(stamped);
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
