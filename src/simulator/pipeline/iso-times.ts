// Wall times as ISO 8601 texts, for the hot path: within one second only the milliseconds are written anew.
import { type Clock, wallTime } from "../../lib/clock.ts";

export function createIsoTimes(clock: Clock): () => string {
  let second = Number.NaN;
  let prefix = "";
  return () => {
    const wallMs = Math.floor(wallTime(clock));
    const current = Math.floor(wallMs / 1_000);
    if (current !== second) {
      second = current;
      prefix = new Date(wallMs).toISOString().slice(0, -4);
    }
    return `${prefix}${String(wallMs - current * 1_000).padStart(3, "0")}Z`;
  };
}
