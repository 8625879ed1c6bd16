// Brings every claim to its end: hands it to Acme as often as it takes, asks for overdue results, tells people of the rest.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { askStatus, submit } from "./acme.js";
import { raise } from "./alerts.js";
import { has } from "./protections.js";
import { PROMISE_MS, TIMES } from "./settings.js";
import * as store from "./store.js";

/** @typedef {import("./store.js").Claim} Claim */
// Protection: concurrency.
const WIDTH = has("concurrency") ? 32 : 1;
/** The claims that are being worked on: several at once, each once at a time. */
const busy = new Set();
let timer = /** @type {NodeJS.Timeout | undefined} */ (undefined);

/** Starts on the claims whose time has come, and sleeps until the next one's. */
export function wake() {
  clearTimeout(timer);
  for (const claim of store.nextUp(2 * WIDTH).filter(({ id }) => !busy.has(id))) {
    if (busy.size >= WIDTH) return;
    const waitMs = (claim.nextAt ?? 0) - Date.now();
    if (waitMs > 0) {
      timer = setTimeout(wake, waitMs);
      return;
    }
    busy.add(claim.id);
    void workOn(claim);
  }
}

/** A settled claim whose result may not hold. @param {string} id */
export function askAgain(id) {
  store.doubt(id, Date.now());
  wake();
}

/** @param {Claim} claim */
async function workOn(claim) {
  await attempt(claim).catch(async (error) => {
    console.error(`claim ${claim.claimNumber}: ${error.stack}`);
    await wait(1_000);
  });
  busy.delete(claim.id);
  wake();
}

/** One request about one claim, and what follows from its answer. @param {Claim} before */
async function attempt(before) {
  const { id, claimNumber, partnerId } = before;
  const attempts = before.attempts + 1;
  const waits = partnerId === null ? TIMES.submit : TIMES.poll;
  // The next attempt is written down before this one begins, so that it comes whatever happens here.
  store.attemptBegins(attempts, nextAttemptAt(waits, attempts), id);
  // Protection: idempotency. The key is the claim's own id, so it is the same after a crash too.
  const key = has("idempotency") ? id : randomUUID();
  const answer = partnerId === null ? await submit(before, key) : await askStatus(partnerId);
  // Its callback or a person may have been faster than the answer.
  const claim = store.find(id)[0] ?? before;
  switch (answer.kind) {
    case "accepted":
      return accepted(claim, answer.partnerId);
    case "refused":
      return void handToPeople(claim, "refused", answer.reason, { nextAt: null, dueAt: null });
    case "settled":
      return claim.outcome === null ? settledByAsking(claim, answer.outcome) : weigh(claim, answer.outcome);
    case "unknown":
      return unknownToPartner(claim);
    case "pending":
      return void store.update(id, { notFound: 0 });
    case "failed":
      console.error(`claim ${claimNumber}: no ${partnerId === null ? "reply" : "status"}: ${answer.reason}`);
      // Protection: retries.
      if (partnerId === null && !has("retries")) return void store.update(id, { nextAt: null });
      store.update(id, { nextAt: nextAttemptAt(waits, attempts, answer.retryAfterMs) });
  }
}

/** Waits grow up to a cap, with a little jitter. @param {typeof TIMES.submit} waits @param {number} attempts  so far */
function nextAttemptAt({ firstMs, factor, capMs }, attempts, retryAfterMs = 0) {
  // Protection: backoff.
  if (!has("backoff")) return Date.now() + 20;
  const waitMs = Math.min(capMs, firstMs * factor ** (attempts - 1)) * (1 + Math.random() * 0.08);
  // Protection: retry-after. A little more, because clocks differ.
  const askedMs = has("retry-after") && retryAfterMs > 0 ? retryAfterMs + 20 : 0;
  return Math.ceil(Date.now() + Math.max(waitMs, askedMs));
}

/** @param {Claim} claim @param {string} partnerId */
function accepted({ id, status }, partnerId) {
  // Protection: polling.
  const nextAt = has("polling") ? Date.now() + TIMES.firstPollMs : null;
  const shown = ["in_review", "needs_review"].includes(status) ? status : "submitted";
  store.update(id, { partnerId, status: shown, attempts: 0, nextAt, dueAt: Date.now() + PROMISE_MS });
}

/** @param {Claim} claim @param {string} outcome */
function settledByAsking({ id, status, dueAt, callbacks, heard }, outcome) {
  // Protection: confirmation. Nobody signed this answer, so it counts when the next one says the same.
  if (heard !== outcome && has("confirmation"))
    return void store.update(id, { heard: outcome, nextAt: Date.now() + TIMES.confirmMs });
  if (store.settle(id, outcome) !== "settled") return;
  // The result is here, but the way it should have come is broken: people should hear of it.
  const isLate = dueAt !== null && Date.now() > dueAt + TIMES.patienceMs / 4;
  if (isLate && status !== "needs_review" && callbacks === 0)
    raise("missing-callback", id, "fetched by asking", true);
}

/** A settled claim was asked about because a second report contradicted the first. @param {Claim} claim @param {string} outcome */
function weigh({ id, claimNumber, outcome: before, status }, outcome) {
  if (before === outcome) return void (has("stop-polling") && store.confirm(id, status));
  console.error(`claim ${claimNumber} needs review: settled as ${before}, corrected to ${outcome}`);
  // What we have done by the first result only people can undo.
  raise("corrected", id, `settled as ${before}, corrected to ${outcome}`);
  store.confirm(id, "needs_review");
}

/** @param {Claim} claim */
function unknownToPartner(claim) {
  // Protection: unknown-status. Without it there seems to be nothing left to wait for.
  if (!has("unknown-status")) return void store.update(claim.id, { nextAt: null, dueAt: null });
  const notFound = claim.notFound + 1;
  store.update(claim.id, notFound === 1 ? { notFound, nextAt: Date.now() + TIMES.confirmMs } : { notFound });
  // Once may be a race in the partner's own system; twice in a row is news.
  if (notFound >= 2 && Date.now() > (claim.dueAt ?? 0) && claim.status !== "needs_review")
    handToPeople(claim, "lost", "unknown to Acme although it was accepted");
}

export function sweepStuck() {
  for (const claim of store.overdue(TIMES.patienceMs, Date.now()))
    handToPeople(claim, "stuck", claim.partnerId ? "accepted, no result" : "not accepted by Acme yet");
}

/** @param {Claim} claim @param {import("./alerts.js").Kind} kind @param {string} detail @param {Partial<Claim>} [changes] */
function handToPeople({ id, claimNumber, outcome }, kind, detail, changes) {
  if (outcome !== null) return;
  console.error(`claim ${claimNumber} needs review: ${detail}`);
  // First of all the alert is written down: a crash now repeats it, and forgets nothing.
  raise(kind, id, detail);
  store.update(id, { status: "needs_review", ...changes });
}
