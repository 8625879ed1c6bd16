// @ts-check
// Finds what did not come: asks the partner for overdue results, and shows people what stays overdue.
import { raise } from "./alerts.js";
import { nextAttempt } from "./backoff.js";
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
  const startedAt = Date.now();
  store.attemptBegins(claim.id);
  const answer = await askStatus(claim.partnerId ?? "");
  if (answer.kind === "settled") {
    if (store.settle(claim.id, answer.outcome) === "settled") noteMissingCallback(claim);
  } else if (answer.kind === "unknown") {
    unknownToPartner(claim);
  } else if (answer.kind === "failed") {
    console.error(`claim ${claim.claimNumber}: no status: ${answer.reason}`);
  } else if (claim.notFound > 0) {
    store.setNotFound(0, claim.id);
  }
  const retryAfterMs = answer.kind === "failed" ? answer.retryAfterMs : undefined;
  const last = { startedAt, now: Date.now(), retryAfterMs };
  const next = nextAttempt(TIMES.poll, { ...claim, attempts: claim.attempts + 1 }, last);
  store.tryAgainAt(next.nextAt, next.gapMs, claim.id);
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
  if (claim.notFound + 1 !== NOT_FOUND_LIMIT) return;
  store.transaction(() => {
    store.needsReview(claim.id);
    raise("lost", claim.id, "unknown to Acme although it was accepted");
  });
}
