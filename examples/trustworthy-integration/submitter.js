// @ts-check
// Brings every claim that was received to the partner, as often as it takes.
import { randomUUID } from "node:crypto";
import { raise } from "./alerts.js";
import { nextAttemptAt } from "./backoff.js";
import { submit } from "./partner-client.js";
import { has, isVariant } from "./protections.js";
import { TIMES } from "./settings.js";
import * as store from "./store.js";
import { startWorkers } from "./workers.js";

export function startSubmitter() {
  return startWorkers({
    everyMs: 15,
    // Protection: concurrency.
    width: has("concurrency") ? 32 : 1,
    due: (limit) => store.due("submit", limit),
    work: attempt,
  });
}

/** @param {store.Claim} claim */
async function attempt(claim) {
  store.attemptBegins(claim.id);
  // Protection: idempotency. The key is the claim's own id, so it is the same after a crash too.
  const result = await submit(claim, has("idempotency") ? claim.id : randomUUID());
  if (result.kind === "accepted") return void store.accepted(claim.id, result.id);

  console.error(`claim ${claim.claimNumber}: not submitted: ${result.reason}`);
  // Protection: rejection.
  if (result.kind === "rejected" && has("rejection")) return giveToPeople(claim, result.reason);
  // Protection: retries.
  if (!has("retries")) return void store.halt(claim.id);
  const retryAfterMs = result.kind === "failed" ? result.retryAfterMs : undefined;
  const attempts = claim.attempts + 1;
  const quick = isVariant("extra-retries") && attempts === 1 && retryAfterMs === undefined;
  store.tryAgainAt(quick ? Date.now() + 120 : nextAttemptAt(TIMES.submit, attempts, retryAfterMs), claim.id);
}

/** @param {store.Claim} claim @param {string} reason */
function giveToPeople(claim, reason) {
  store.transaction(() => {
    if (store.needsReview(claim.id) === 0) return;
    store.halt(claim.id);
    raise("refused", claim.id, reason);
  });
}
