// @ts-check
// When to try again: waits grow up to a cap, with a little jitter, and give way to what the partner asks for.
import { has } from "./protections.js";

/**
 * @param {{ firstMs: number, factor: number, capMs: number }} curve
 * @param {number} attempts  so far, all failed
 * @param {number | undefined} retryAfterMs
 * @returns {number} milliseconds since 1970
 */
export function nextAttemptAt({ firstMs, factor, capMs }, attempts, retryAfterMs = 0) {
  // Protection: backoff.
  if (!has("backoff")) return Date.now() + 20;
  const jitter = 1 + Math.random() * 0.08;
  const waitMs = Math.min(capMs, firstMs * factor ** (attempts - 1)) * jitter;
  // Protection: retry-after. A little more, because clocks differ.
  const askedMs = has("retry-after") && retryAfterMs > 0 ? retryAfterMs + 20 : 0;
  return Math.ceil(Date.now() + Math.max(waitMs, askedMs));
}
