// How long a Retry-After header asks to wait, as the history records it.
import { type Clock, wallTime } from "../../lib/clock.ts";

/** Milliseconds of whole seconds or an HTTP date (RFC 9110, 10.2.3); undefined without a valid one. */
export function retryAfterMs(header: string | undefined, clock: Clock): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.round(date - wallTime(clock)));
}
