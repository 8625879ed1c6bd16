// @ts-check
// When to try again: gaps grow up to a cap, and never shrink while a claim keeps failing.
import { has } from "./protections.js";

/** A gap longer than this (a Retry-After) is not kept for the attempts after it. */
const KEEP_GAP_MS = 4_000;

/**
 * @param {{ firstMs: number, factor: number, capMs: number }} curve
 * @param {{ attempts: number, gapMs: number }} claim  attempts so far, and the gap before the last of them
 * @param {{ startedAt: number, now: number, retryAfterMs?: number | undefined }} last
 * @returns {{ nextAt: number, gapMs: number }}
 */
export function nextAttempt(curve, claim, { startedAt, now, retryAfterMs = 0 }) {
  // Protection: backoff.
  if (!has("backoff")) return { nextAt: now + 20, gapMs: 0 };
  const jitter = 1 + Math.random() * 0.08;
  const grown = Math.min(curve.capMs, curve.firstMs * curve.factor ** (claim.attempts - 1)) * jitter;
  const gap = Math.max(grown, Math.min(claim.gapMs, KEEP_GAP_MS));
  // Protection: retry-after.
  const asked = has("retry-after") && retryAfterMs > 0 ? now + retryAfterMs + 20 : 0;
  const nextAt = Math.ceil(Math.max(startedAt + gap, now + 50, asked));
  return { nextAt, gapMs: nextAt - startedAt };
}
