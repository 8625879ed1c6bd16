// @ts-check
// The claims: what each one is, what we do with it next, and every change that it can go through.
import { randomUUID } from "node:crypto";
import { openDatabase } from "./database.js";
import { has } from "./protections.js";
import { PROMISE_MS, SETTINGS, TIMES } from "./settings.js";

/**
 * `status` is what people see; `stage` is what we do next: submit it, await its result, nothing before a person
 * acts (halted), nothing at all (done). Times are milliseconds since 1970; `dueAt` is when its result is promised.
 * @typedef {{ id: string, claimNumber: string, patient: string, amount: number, status: string, outcome: string | null,
 *   stage: "submit" | "await" | "halted" | "done", partnerId: string | null, attempts: number,
 *   nextAt: number, dueAt: number | null, notFound: number, callbacks: number }} Claim
 * @typedef {{ id: string, amount: number, paidAt: number }} Payment
 * @typedef {{ pending: number, stuck: number, needsReview: number, settled: number, valueAtRisk: number }} Figures
 */

/** @type {Record<string, string>} */
const STATUS_OF = { approved: "paid", denied: "denied", rejected: "rejected" };

const db = openDatabase(SETTINGS.dataDir);
export const { transaction, close } = db;

const insertClaim = db.run(
  `INSERT INTO claims (id, claimNumber, patient, amount, status, stage, nextAt, dueAt)
   VALUES (?, ?, ?, ?, 'received', 'submit', ?, ?) ON CONFLICT (claimNumber) DO NOTHING`,
);
/** @type {(id: string) => Claim[]} */
const byId = db.all("SELECT * FROM claims WHERE id = ?");
/** @type {(claimNumber: string) => Claim[]} */
const byNumber = db.all("SELECT * FROM claims WHERE claimNumber = ?");
/** @type {(text: string) => Claim[]} */
const namedIn = db.all(
  "SELECT * FROM claims WHERE instr(?, claimNumber) > 0 ORDER BY length(claimNumber) DESC LIMIT 1",
);
/** @type {(id: string) => Payment[]} */
export const payments = db.all("SELECT id, amount, paidAt FROM payments WHERE claimId = ? ORDER BY paidAt");
const insertPayment = db.run(
  "INSERT INTO payments (id, claimId, amount, paidAt) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
);
const setSettled = db.run(
  "UPDATE claims SET status = ?, outcome = ?, stage = 'done', nextAt = ? WHERE id = ?",
);
const setProblemsCleared = db.run("UPDATE problems SET cleared = 1 WHERE claimId = ?");
const setAccepted = db.run(
  `UPDATE claims SET stage = 'await', partnerId = ?, attempts = 0, nextAt = ?, dueAt = ?,
   status = CASE status WHEN 'received' THEN 'submitted' ELSE status END WHERE id = ? AND stage = 'submit'`,
);
/** @type {(stage: string, now: number, limit: number) => Claim[]} */
const dueAtStage = db.all("SELECT * FROM claims WHERE stage = ? AND nextAt <= ? ORDER BY nextAt LIMIT ?");
/** One that is being found lost is given the time to be. @type {(patienceMs: number, now: number) => Claim[]} */
const pastPromise = db.all(
  `SELECT * FROM claims WHERE stage != 'done' AND status != 'needs_review'
     AND dueAt + CASE notFound WHEN 0 THEN ?1 ELSE 2 * ?1 END < ?2`,
);
/** @type {(now: number) => Figures[]} */
const count = db.all(
  `SELECT count(*) FILTER (WHERE stage != 'done') AS pending,
     count(*) FILTER (WHERE stage IN ('submit', 'await') AND dueAt < ?1) AS stuck,
     count(*) FILTER (WHERE status = 'needs_review') AS needsReview,
     count(*) FILTER (WHERE stage = 'done') AS settled,
     coalesce(sum(amount) FILTER (WHERE stage != 'done' AND (dueAt < ?1 OR status = 'needs_review')), 0) AS valueAtRisk
   FROM claims`,
);

/** A claim number that we know already is the same claim. @param {{ claimNumber: string, patient: string, amount: number }} claim */
export function receive({ claimNumber, patient, amount }) {
  const now = Date.now();
  insertClaim(randomUUID(), claimNumber, patient, amount, now, now + PROMISE_MS);
  return byNumber(claimNumber)[0];
}

/** @param {string} id */
export const find = (id) => byId(id)[0];

/** @param {string} claimNumber */
export const findByNumber = (claimNumber) => byNumber(claimNumber)[0];

/** The claim whose number stands somewhere in a text that could not be read. @param {string} text */
export const findNamedIn = (text) => namedIn(text)[0];

/** Claims whose time has come at a stage. @param {Claim["stage"]} stage @param {number} limit */
export const due = (stage, limit) => dueAtStage(stage, Date.now(), limit);

/** Claims that nobody has been told about although their result is overdue. */
export const overdue = () => pastPromise(TIMES.patienceMs, Date.now());

/** @returns {Figures} */
export const figures = () =>
  count(Date.now())[0] ?? { pending: 0, stuck: 0, needsReview: 0, settled: 0, valueAtRisk: 0 };

/** The partner has it. A result that came before its reply stands. @param {string} id @param {string} partnerId */
export function accepted(id, partnerId) {
  const now = Date.now();
  setAccepted(partnerId, now + TIMES.firstPollMs, now + PROMISE_MS, id);
}

export const attemptBegins = db.run("UPDATE claims SET attempts = attempts + 1 WHERE id = ?");
export const tryAgainAt = db.run("UPDATE claims SET nextAt = ? WHERE id = ?");
export const halt = db.run("UPDATE claims SET stage = 'halted' WHERE id = ?");
export const needsReview = db.run(
  "UPDATE claims SET status = 'needs_review' WHERE id = ? AND stage != 'done'",
);
/** Nothing is done about it any more, and nobody hears of it. */
export const forget = db.run("UPDATE claims SET stage = 'halted', dueAt = NULL WHERE id = ?");
export const setNotFound = db.run("UPDATE claims SET notFound = ? WHERE id = ?");
export const callbackSeen = db.run("UPDATE claims SET callbacks = callbacks + 1 WHERE id = ?");
/** What a person starts again stays under review until it is settled. */
export const submitAgain = db.run(
  "UPDATE claims SET stage = 'submit', nextAt = ?, attempts = 0, notFound = 0 WHERE id = ? AND stage != 'done'",
);
export const quarantine = db.run(
  "INSERT INTO quarantine (claimId, reason, body, receivedAt) VALUES (?, ?, ?, ?)",
);

/**
 * Takes a result over, with its payment, in one transaction.
 * @param {string} id
 * @param {string} outcome
 * @returns {"settled" | "duplicate" | "conflict"}
 */
export function settle(id, outcome) {
  return transaction(() => {
    const claim = find(id);
    if (claim === undefined) throw new Error(`no claim ${id}`);
    if (claim.stage === "done" && claim.outcome === outcome) {
      // Protection: dedup.
      if (!has("dedup") && outcome === "approved") pay(claim);
      return "duplicate";
    }
    // Protection: final-states.
    if (claim.stage === "done" && has("final-states")) return "conflict";
    setSettled(STATUS_OF[outcome] ?? outcome, outcome, Date.now() + TIMES.poll.capMs, id);
    setProblemsCleared(id);
    if (outcome === "approved") pay(claim);
    return "settled";
  });
}

/** @param {Claim} claim */
function pay(claim) {
  insertPayment(randomUUID(), claim.id, claim.amount, Date.now());
}

export const problems = {
  /** Opens a problem, or opens it again. */
  raise: db.run(
    `INSERT INTO problems (kind, claimId, detail, raisedAt, cleared) VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, claimId) DO UPDATE
     SET notified = CASE WHEN cleared THEN 0 ELSE notified END, cleared = excluded.cleared, detail = excluded.detail`,
  ),
  /** @type {() => import("./alerts.js").Problem[]} */
  list: db.all(
    `SELECT problems.*, claimNumber, amount FROM problems LEFT JOIN claims ON claims.id = claimId ORDER BY raisedAt`,
  ),
  setNotified: db.run("UPDATE problems SET notified = 1 WHERE kind = ? AND claimId = ?"),
  /** Problems that belong to no claim are over when nothing was added for a while. */
  clearUnnamed: db.run(
    "UPDATE problems SET cleared = 1 WHERE claimId = '' AND notified = 1 AND raisedAt < ?",
  ),
  close: db.run("DELETE FROM problems WHERE kind = ?"),
};
