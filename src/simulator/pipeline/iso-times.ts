// Wall times as ISO 8601 texts, for the hot path: what happens within one millisecond shares one text.
import { type Clock, wallTime } from "../../lib/clock.ts";

export function createIsoTimes(clock: Clock): () => string {
  let second = Number.NaN;
  let prefix = "";
  let writtenMs = Number.NaN;
  let text = "";
  return () => {
    const wallMs = Math.floor(wallTime(clock));
    if (wallMs === writtenMs) return text;
    writtenMs = wallMs;
    const current = Math.floor(wallMs / 1_000);
    if (current !== second) {
      second = current;
      prefix = new Date(wallMs).toISOString().slice(0, -4);
    }
    text = `${prefix}${String(wallMs - current * 1_000).padStart(3, "0")}Z`;
    return text;
  };
}
