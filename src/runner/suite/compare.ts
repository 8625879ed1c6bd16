// Did a replay meet the same faults as the run that it repeats? Attempts depend on timing; which transactions were hit does not.
import type { EventOf, HistoryEvent } from "../../history/event.ts";

/** Faults that fired, as `fault transaction`, without repetition, sorted. */
export function firedFaults(events: readonly HistoryEvent[]): string[] {
  const fired = new Set<string>();
  for (const event of events) {
    // Keys end in the transaction's number; what comes before may carry a nonce of the run.
    if (event.kind === "fault.fired") fired.add(`${event.fault} ${whom(event)}`);
  }
  return [...fired].sort();
}

/** Who was in flight when the process was struck, or whom an alert named, depends on timing. */
function whom({ point, key }: EventOf<"fault.fired">): string {
  return point === "system" || point === "alerts" ? "at all" : (key.split("-").at(-1) ?? "");
}

export interface Divergence {
  /** Fired then, not now; and the reverse. */
  missing: string[];
  additional: string[];
}

/** Undefined when the same faults met the same transactions. */
export function divergence(
  recorded: readonly HistoryEvent[],
  replayed: readonly HistoryEvent[],
): Divergence | undefined {
  const before = firedFaults(recorded);
  const after = firedFaults(replayed);
  const missing = before.filter((fault) => !after.includes(fault));
  const additional = after.filter((fault) => !before.includes(fault));
  return missing.length + additional.length > 0 ? { missing, additional } : undefined;
}
