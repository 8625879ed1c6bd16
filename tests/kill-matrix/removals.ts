// Which scenarios must fail the trustworthy system without a protection, and through which checks. Everything else passes.
import type { CheckId } from "../../src/history/verdict.ts";

/**
 * Removal (a name of examples/trustworthy-integration/protections.js) → scenario → checks, each of which must fail.
 * `*`: any other scenario may fail too, through these checks alone: a race that every scenario can meet.
 * `may fail`: whether the missing protection is met depends on a race that the scenario does not decide.
 * `staged: <scenario>`: with the contract that has stages (staged.yaml); only what is named here is run there.
 * `never fired`: without the protection the system does not come to where the fault waits, so nothing can be judged.
 */
export type ExpectedKills = Record<string, Record<string, CheckId[] | "never fired" | "may fail">>;

export const REMOVALS: ExpectedKills = {
  timeout: { "unavailable/drips": ["gives-up-waiting"], "unavailable/hangs": ["gives-up-waiting"] },
  retries: {
    "unavailable/brief-outage": ["recovers"],
    "unavailable/flapping": ["recovers"],
    "unavailable/hangs": ["recovers"],
    "unavailable/long-outage": ["recovers"],
    "unavailable/outage-with-crash": ["recovers"],
    "unavailable/resets": ["recovers"],
    "unavailable/bad-certificate": ["recovers"],
    "unavailable/refused": ["recovers"],
    "unavailable/throttled": ["recovers"],
    "unexpected-format/malformed-submit-reply": ["recovers"],
    "unavailable/credentials-expired": ["recovers"],
    "unavailable/credentials-revoked": ["recovers"],
    "locked-out": ["recovers"],
  },
  backoff: {
    "unavailable/long-outage": ["no-retry-storm"],
    "unavailable/throttled": ["honours-retry-after"],
    "never-reports/status-slow-and-throttled": ["honours-retry-after"],
    "unavailable/credentials-expired": ["no-retry-storm"],
    "unavailable/credentials-revoked": ["no-retry-storm"],
    // Asking without a pause while there is no answer.
    "cannot-process/lost": ["no-retry-storm"],
    "never-reports/missing-and-status-unavailable": ["no-retry-storm"],
    "alert-is-closed": ["no-retry-storm"],
    "locked-out": "may fail",
    // How many attempts fit into a short outage depends on the machine.
    "unavailable/flapping": "may fail",
    "unavailable/outage-with-crash": "may fail",
    "unavailable/resets": "may fail",
  },
  "retry-after": {
    "unavailable/long-outage": ["honours-retry-after"],
    "unavailable/throttled": ["honours-retry-after"],
    "never-reports/status-slow-and-throttled": ["honours-retry-after"],
  },
  idempotency: {
    "unavailable/flapping": ["stable-idempotency"],
    "unavailable/hangs": ["stable-idempotency"],
    "unavailable/long-outage": ["stable-idempotency"],
    "unavailable/resets": ["stable-idempotency"],
    "unavailable/credentials-expired": ["stable-idempotency"],
    "unavailable/credentials-revoked": ["stable-idempotency"],
    "locked-out": ["stable-idempotency"],
    "unavailable/throttled": ["stable-idempotency"],
    "never-reports/lost-reply": ["no-duplicate-submission", "stable-idempotency"],
    "unexpected-format/malformed-submit-reply": ["no-duplicate-submission", "stable-idempotency"],
    // Wherever an attempt is repeated, because a busy machine let the first one time out.
    "*": ["stable-idempotency", "no-duplicate-submission"],
  },
  rejection: { "beyond-the-five/refuses-a-good-request": ["honours-rejection", "alerts"] },
  dedup: {
    "same-result-twice/replayed": ["no-duplicate-effect", "absorbs"],
    "same-result-twice/storm": ["no-duplicate-effect"],
    "never-reports/late-callback": ["no-duplicate-effect"],
    "unexpected-format/contract-changed": ["no-duplicate-effect"],
    "unexpected-format/unknown-outcome": ["no-duplicate-effect"],
    "same-result-twice/duplicate-at-once": ["no-duplicate-effect", "absorbs"],
    "same-result-twice/duplicate-concurrent": ["no-duplicate-effect", "absorbs"],
    "same-result-twice/duplicate-late-new-id": ["no-duplicate-effect", "absorbs"],
    "beyond-the-five/status-stale": ["no-duplicate-effect"],
    "beyond-the-five/status-contradicts": ["no-duplicate-effect"],
    // Wherever a callback comes while its result is being asked for, the claim is paid twice.
    "*": ["no-duplicate-effect", "recovers", "absorbs", "quiesces"],
  },
  signature: {
    // A lie and the truth about one claim contradict each other, and that is shown to people: nothing is invented.
    "beyond-the-five/forged": ["rejects-forgery"],
    "beyond-the-five/unsigned": ["rejects-forgery"],
    "only-a-forgery": ["rejects-forgery", "no-invented-result"],
  },
  "schema-validation": {
    "unexpected-format/unknown-outcome": ["no-silent-discard", "detects"],
    // Among others "APPROVED" is believed, and of two outcomes in one report the second.
    "unexpected-format/every-mutation": ["no-silent-discard", "no-invented-result"],
    // A result without its outcome is dropped; whether anything shows before the late answer comes is a race.
    "unexpected-format/contract-changed": "may fail",
    // The unknown word becomes the claim's state, which no reader of states understands: nothing can be judged.
    "unexpected-format/malformed-status": "may fail",
  },
  quarantine: {
    // Which results are broken is drawn; that one of them goes unnoticed until asking finds it is a race.
    "unexpected-format/contract-changed": "may fail",
    "unexpected-format/every-mutation": ["no-silent-discard"],
    "unexpected-format/field-missing": ["no-silent-discard"],
    "unexpected-format/truncated": ["no-silent-discard"],
    "unexpected-format/unknown-outcome": ["no-silent-discard"],
  },
  "final-states": {
    "same-result-twice/conflicting": ["no-regression", "agrees-with-partner"],
    "beyond-the-five/source-of-truth": ["recovers"],
  },
  "stage-order": {
    "staged: beyond-the-five/out-of-order": ["no-regression", "agrees-with-partner", "absorbs"],
  },
  polling: {
    "beyond-the-five/status-unknown": ["recovers"],
    "never-reports/not-retried": ["recovers"],
    "never-reports/endpoint-disabled": ["recovers"],
    "beyond-the-five/wrong-endpoint": ["recovers"],
    // Who never asks meets no slow answer.
    "same-result-twice/callback-and-poll-race": "never fired",
    "never-reports/missing-callback": ["recovers"],
    "never-reports/status-slow-and-throttled": ["recovers"],
    "never-reports/missing-and-status-unavailable": ["recovers"],
    "alert-is-closed": ["recovers"],
    // Who never asks is never lied to.
    "beyond-the-five/status-stale": "never fired",
    "beyond-the-five/status-contradicts": "never fired",
    "unexpected-format/malformed-submit-reply": ["recovers"],
    "unexpected-format/malformed-status": ["recovers"],
    // The report that could be believed never comes.
    "only-a-forgery": ["recovers"],
    "only-an-old-report": ["recovers"],
    "only-asking": ["recovers"],
  },
  "stuck-sweep": {
    "cannot-process/partial-batch": ["alerts", "no-lost-transaction"],
    "cannot-process/stuck-forever": ["alerts", "recovers", "no-lost-transaction"],
    "never-reports/missing-and-status-unavailable": ["alerts"],
    "unavailable/long-outage": ["alerts"],
    "beyond-the-five/alert-channel-down": ["alerts", "recovers", "no-lost-transaction"],
    "beyond-the-five/alert-channel-throttled": ["alerts", "recovers", "no-lost-transaction"],
    "operator-replays": ["alerts", "recovers"],
  },
  alerts: {
    "beyond-the-five/source-of-truth": ["no-lost-transaction"],
    "cannot-process/partial-batch": ["alerts", "no-lost-transaction"],
    "cannot-process/lost": ["alerts", "no-lost-transaction"],
    "cannot-process/stuck-forever": ["alerts", "no-lost-transaction"],
    "never-reports/missing-and-status-unavailable": ["alerts"],
    "unavailable/long-outage": ["alerts"],
    "beyond-the-five/refuses-a-good-request": ["alerts", "no-lost-transaction"],
    "beyond-the-five/alert-channel-down": ["alerts", "no-lost-transaction"],
    "beyond-the-five/alert-channel-throttled": ["alerts", "no-lost-transaction"],
    "alert-is-closed": ["alerts"],
    "operator-replays": ["alerts"],
    "unavailable/credentials-revoked": ["alerts"],
    "locked-out": ["alerts"],
  },
  "alert-names": {
    "beyond-the-five/source-of-truth": ["no-lost-transaction"],
    "cannot-process/partial-batch": ["alerts", "no-lost-transaction"],
    "cannot-process/lost": ["alerts", "no-lost-transaction"],
    "cannot-process/stuck-forever": ["alerts", "no-lost-transaction"],
    "never-reports/missing-and-status-unavailable": ["alerts"],
    "beyond-the-five/refuses-a-good-request": ["alerts", "no-lost-transaction"],
    "beyond-the-five/alert-channel-down": ["no-lost-transaction"],
    "beyond-the-five/alert-channel-throttled": ["alerts", "no-lost-transaction"],
    "alert-is-closed": ["alerts"],
    "operator-replays": ["alerts"],
  },
  "alert-grouping": {
    "cannot-process/partial-batch": ["alerts"],
    "cannot-process/lost": ["alerts"],
    "cannot-process/stuck-forever": ["alerts"],
    "never-reports/missing-and-status-unavailable": ["alerts"],
    "unavailable/long-outage": ["alerts"],
    "beyond-the-five/refuses-a-good-request": ["alerts"],
    "operator-replays": ["alerts"],
    "unavailable/credentials-revoked": ["alerts"],
  },
  "alert-retry": { "beyond-the-five/alert-channel-throttled": ["alerts", "no-lost-transaction"] },
  "alert-fallback": { "beyond-the-five/alert-channel-down": ["alerts"] },
  "alert-resolve": { "alert-is-closed": ["alerts"], "locked-out": ["alerts"] },
  "unknown-status": {
    "beyond-the-five/status-unknown": ["recovers", "no-lost-transaction"],
    "cannot-process/lost": ["recovers", "no-lost-transaction"],
  },
  "error-isolation": {
    "unexpected-format/contract-changed": ["stays-up"],
    "unexpected-format/empty-body": ["stays-up"],
    "unexpected-format/every-mutation": ["stays-up"],
    "unexpected-format/field-missing": ["stays-up"],
    "unexpected-format/html-page": ["stays-up"],
    "unexpected-format/truncated": ["stays-up"],
    "unexpected-format/unknown-outcome": ["stays-up"],
  },
  concurrency: {
    "unavailable/slow-reply": ["isolation"],
    "unavailable/hangs": ["isolation"],
    "unavailable/long-outage": ["isolation"],
    // Two seconds of failing attempts are about what the baseline allows a spared claim to wait.
    "unavailable/resets": "may fail",
    "unavailable/brief-outage": "may fail",
    "unavailable/flapping": "may fail",
    "unavailable/bad-certificate": "may fail",
    "unavailable/drips": "may fail",
    "unavailable/refused": "may fail",
    "unavailable/slow": "may fail",
    "unavailable/throttled": "may fail",
  },
  "certificate-check": { "unavailable/bad-certificate": ["verifies-identity"] },
  "reply-check": { "unexpected-format/malformed-submit-reply": ["recovers"] },
  confirmation: {
    // The late report contradicts what was believed, and that is shown to people; where none comes, it stays wrong.
    "beyond-the-five/status-contradicts": ["recovers"],
    "only-asking": ["recovers", "agrees-with-partner"],
  },
  "key-rotation": {
    "beyond-the-five/secret-rotated-with-overlap": ["absorbs"],
    "next-secret": ["absorbs"],
  },
  "late-reply": {
    "beyond-the-five/early": ["absorbs", "no-lost-transaction", "agrees-with-partner"],
    "unavailable/slow": ["recovers", "no-lost-transaction", "no-regression"],
    "unavailable/slow-reply": ["recovers", "no-lost-transaction", "no-regression"],
    "unavailable/drips": ["recovers", "no-lost-transaction", "no-regression"],
    // Whether the report comes before the reply to the second attempt depends on the machine.
    "never-reports/lost-reply": "may fail",
    "never-reports/crash-after-accept": "may fail",
  },
  "lockout-alarm": { "locked-out": ["alerts"] },
  "persist-first": {
    "unavailable/outage-with-crash": ["recovers", "no-lost-transaction"],
    "never-reports/crash-after-accept": ["recovers", "no-lost-transaction"],
    "same-result-twice/crash-on-callback": ["recovers", "no-lost-transaction", "durable-acknowledgement"],
  },
  "restart-recovery": { "unavailable/outage-with-crash": ["recovers"] },
  "truthful-health": { "status-tells-the-truth": ["detects"] },
  "operator-replay": { "operator-replays": ["recovers"] },
  "age-check": {
    "beyond-the-five/stale": ["rejects-forgery"],
    "only-an-old-report": ["rejects-forgery", "no-invented-result", "agrees-with-partner"],
  },
  "cross-check": { "beyond-the-five/misdirected": ["isolation", "recovers"] },
  "known-claims": { "beyond-the-five/unsolicited": ["rejects-forgery"] },
  corrections: { "beyond-the-five/source-of-truth": ["detects", "recovers", "agrees-with-partner"] },
};

/** Other ways to build the same thing, all of them right. */
export const BENIGN = ["slower", "poll-only", "json-order", "extra-retries", "second-channel"] as const;
