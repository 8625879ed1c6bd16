// When the harness itself stood still: what it noted right after that may have happened at any moment of it.
import type { Facts } from "./facts.ts";
import { ofKind } from "./transaction.ts";

/** After a stall, what had piled up is worked off in so many milliseconds. */
const CATCHING_UP_MS = 50;

/** The earliest moment at which something may have happened that was noted at `t`. */
export function earliestOf(t: number, { events }: Pick<Facts, "events">): number {
  const stalls = ofKind(events, "harness.lag").map(({ t: to, ms }) => ({ from: to - ms, to }));
  const during = stalls.filter(({ from, to }) => t > from && t <= to + CATCHING_UP_MS);
  return Math.min(t, ...during.map(({ from }) => from));
}
