// What each signal was worth before any fault: whether it could be read, and whether it called the healthy system healthy.
import type { SignalResult } from "../../history/verdict.ts";
import type { Facts } from "./facts.ts";
import { ofKind } from "./transaction.ts";

export function signalsOf({ header, events }: Facts): SignalResult[] {
  const readings = ofKind(events, "system.signal");
  return header.system.signals.map((name) => {
    const own = readings.filter((reading) => reading.name === name);
    const last = own.findLast(({ phase, value }) => phase === "baseline" && value !== null);
    return { name, readable: own.some(({ value }) => value !== null), healthy: last?.healthy ?? null };
  });
}
