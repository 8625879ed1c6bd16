// What one measured time came to over several scenarios: the worst of it, and how many never had it.
import type { Expectations } from "../../history/header.ts";
import type { Measure, Measures } from "../../history/verdict.ts";

/** Milliseconds. `none`: not demanded, or nothing happened that could have been measured. */
export type Reading =
  | { kind: "none" }
  | { kind: "measured"; worstMs: number; of: number }
  | { kind: "never"; never: number; of: number };

export interface Readings {
  detect: Reading;
  alert: Reading;
  recover: Reading;
}

export const NO_READINGS: Readings = {
  detect: { kind: "none" },
  alert: { kind: "none" },
  recover: { kind: "none" },
};

/** Only what the scenario demands: silence is right where a fault has to be absorbed, and must not read "never". */
export function readingsOf(expect: Expectations, measures: Measures): Readings {
  return {
    detect: expect.detects ? readingOf(measures.detect) : { kind: "none" },
    alert: expect.alerts ? readingOf(measures.alert) : { kind: "none" },
    recover: expect.recovers ? readingOf(measures.recover) : { kind: "none" },
  };
}

export function worstReadings(all: Readings[]): Readings {
  return {
    detect: worstReading(all.map(({ detect }) => detect)),
    alert: worstReading(all.map(({ alert }) => alert)),
    recover: worstReading(all.map(({ recover }) => recover)),
  };
}

function readingOf({ count, worstMs, never }: Measure): Reading {
  if (never > 0) return { kind: "never", never, of: count + never };
  return count === 0 || worstMs === null ? { kind: "none" } : { kind: "measured", worstMs, of: count };
}

/** Those that never came are counted over everything that was measured, never averaged away. */
export function worstReading(readings: Reading[]): Reading {
  let of = 0;
  let never = 0;
  let worstMs: number | undefined;
  for (const reading of readings) {
    if (reading.kind === "none") continue;
    of += reading.of;
    if (reading.kind === "never") never += reading.never;
    else worstMs = Math.max(worstMs ?? reading.worstMs, reading.worstMs);
  }
  if (never > 0) return { kind: "never", never, of };
  return worstMs === undefined ? { kind: "none" } : { kind: "measured", worstMs, of };
}
