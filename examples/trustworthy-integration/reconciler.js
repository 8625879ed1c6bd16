// @ts-check
// Finds what did not come: asks the partner for overdue results, and shows people what stays overdue.
import { raise } from "./alerts.js";
import { nextAttemptAt } from "./backoff.js";
import { askStatus } from "./partner-client.js";
import { has } from "./protections.js";
import { TIMES } from "./settings.js";
import * as store from "./store.js";
import { startWorkers } from "./workers.js";

/** A claim unknown to the partner once may be a race in its own system; twice in a row is news. */
const NOT_FOUND_LIMIT = 2;

export function startReconciler() {
  // Protection: polling.
  const stopPolling = has("polling") ? startPolling("await") : () => {};
  // Protection: stop-polling.
  const stopAskingAgain = has("stop-polling") ? () => {} : startPolling("done");
  const sweep = setInterval(sweepStuck, 100);
  return () => {
    stopPolling();
    stopAskingAgain();
    clearInterval(sweep);
  };
}

/** @param {store.Claim["stage"]} stage */
function startPolling(stage) {
  const width = has("concurrency") ? 16 : 1;
  return startWorkers({ everyMs: 50, width, due: (limit) => store.due(stage, limit), work: ask });
}

/** Protection: stuck-sweep. */
function sweepStuck() {
  if (!has("stuck-sweep")) return;
  for (const claim of store.overdue()) {
    console.error(
      `claim ${claim.claimNumber}: no result, overdue since ${new Date(claim.dueAt ?? 0).toISOString()}`,
    );
    store.transaction(() => {
      store.needsReview(claim.id);
      raise("stuck", claim.id, claim.partnerId === null ? "not accepted by Acme yet" : "accepted, no result");
    });
  }
}

/** @param {store.Claim} claim */
async function ask(claim) {
  store.attemptBegins(claim.id);
  const answer = await askStatus(claim.partnerId ?? "");
  const retryAfterMs = answer.kind === "failed" ? answer.retryAfterMs : undefined;
  store.tryAgainAt(nextAttemptAt(TIMES.poll, claim.attempts + 1, retryAfterMs), claim.id);
  switch (answer.kind) {
    case "settled":
      if (store.settle(claim.id, answer.outcome) === "settled") noteMissingCallback(claim);
      return;
    case "unknown":
      return unknownToPartner(claim);
    case "pending":
      return void store.setNotFound(0, claim.id);
    case "failed":
      console.error(`claim ${claim.claimNumber}: no status: ${answer.reason}`);
  }
}

/** The result is here, but the way it should have come is broken: people should hear of it. @param {store.Claim} asked */
function noteMissingCallback({ id, status, dueAt }) {
  const late = dueAt !== null && Date.now() > dueAt + TIMES.patienceMs / 4;
  const told = status === "needs_review";
  if (late && !told && store.find(id)?.callbacks === 0)
    raise("missing-callback", id, "fetched by asking", { over: true });
}

/** @param {store.Claim} claim */
function unknownToPartner(claim) {
  // Protection: unknown-status. Without it there seems to be nothing left to wait for.
  if (!has("unknown-status")) return void store.forget(claim.id);
  store.setNotFound(claim.notFound + 1, claim.id);
  if (claim.notFound === 0) store.tryAgainAt(Date.now() + TIMES.confirmMs, claim.id);
  const isOverdue = claim.dueAt !== null && Date.now() > claim.dueAt;
  if (!isOverdue || claim.notFound + 1 < NOT_FOUND_LIMIT || claim.status === "needs_review") return;
  store.transaction(() => {
    // Its callback may have come while we asked.
    if (store.needsReview(claim.id) === 0) return;
    raise("lost", claim.id, "unknown to Acme although it was accepted");
  });
}
