// When the system's process could do nothing: gone, or stopped by the harness.
import type { Facts } from "./facts.ts";
import { ofKind } from "./transaction.ts";

export interface Absence {
  from: number;
  /** Infinity: it never came back. */
  to: number;
}

/** From an exit to the next start, and from a stop by the harness until it let go. */
export function absences({ events }: Pick<Facts, "events">): Absence[] {
  const until = (kind: "system.started" | "system.resumed", t: number) =>
    ofKind(events, kind).find((event) => event.t > t)?.t ?? Number.POSITIVE_INFINITY;
  return [
    ...ofKind(events, "system.exited").map(({ t }) => ({ from: t, to: until("system.started", t) })),
    ...ofKind(events, "system.paused").map(({ t }) => ({ from: t, to: until("system.resumed", t) })),
  ];
}
