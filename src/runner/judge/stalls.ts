// When the harness itself stood still: what it noted right after that may have happened at any moment of it.
import type { Facts } from "./facts.ts";
import { ofKind } from "./transaction.ts";

export interface Stall {
  from: number;
  to: number;
}

/** After a stall, what had piled up is worked off in so many milliseconds. */
const CATCHING_UP_MS = 50;

export function stallsIn({ events }: Pick<Facts, "events">): Stall[] {
  return ofKind(events, "harness.lag").map(({ t, ms }) => ({ from: t - ms, to: t }));
}

/** The earliest moment, after `after`, at which something may have happened that was noted at `t`. */
export function earliestOf(t: number, after: number, stalls: readonly Stall[]): number {
  const during = stalls.filter(({ from, to }) => t > from && t <= to + CATCHING_UP_MS);
  return Math.min(t, ...during.map(({ from }) => Math.max(from, after)));
}
