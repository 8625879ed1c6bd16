// Reads Retry-After (RFC 9110, section 10.2.3): whole seconds or an HTTP date, counted from receipt.

/** Nobody waits longer than this for a webhook that asked for more. */
export const LONGEST_RETRY_AFTER_MS = 5 * 60_000;

const SECONDS = /^\d+$/;
/** The one form that senders must use: `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate). */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Milliseconds to wait, at least 0 and capped; undefined for what is neither form, which is to be ignored. */
export function parseRetryAfter(value: string | undefined, wallNowMs: number): number | undefined {
  const text = value?.trim() ?? "";
  const ms = SECONDS.test(text)
    ? Number(text) * 1_000
    : HTTP_DATE.test(text)
      ? Date.parse(text) - wallNowMs
      : NaN;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}
