// The claims in one SQLite file: what each one is, what we do with it next, and every change that it can go through.
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import Database from "libsql";
import { has } from "./protections.js";
import { PROMISE_MS, SETTINGS, TIMES } from "./settings.js";

/**
 * `status` is what people see. Without a `partnerId` a claim is still to be submitted, with an `outcome` it is settled.
 * Times are milliseconds since 1970: `nextAt` when we do something about it again, null when nothing is done before
 * a person acts; `dueAt` when its result is promised, null when none is.
 * @typedef {{ id: string, claimNumber: string, patient: string, amount: number, status: string, outcome: string | null,
 *   partnerId: string | null, attempts: number, nextAt: number | null, dueAt: number | null, notFound: number,
 *   heard: string | null, callbacks: number }} Claim
 * One claim with one problem; `claimId` is empty when nobody can say which claim it is, and
 * names what it is about when that is no claim.
 * @typedef {{ kind: import("./alerts.js").Kind, claimId: string, incident: string, detail: string, notified: number,
 *   cleared: number, name: string }} Problem
 */

mkdirSync(SETTINGS.dataDir, { recursive: true });
// Protection: persist-first. A change is committed to the file before anybody is answered; without it, it never is.
const db = new Database(has("persist-first") ? `${SETTINGS.dataDir}/claims.db` : ":memory:");
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS claims (
    id TEXT PRIMARY KEY, claimNumber TEXT NOT NULL UNIQUE, patient TEXT NOT NULL, amount REAL NOT NULL,
    status TEXT NOT NULL DEFAULT 'received', outcome TEXT, partnerId TEXT, nextAt INTEGER, dueAt INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0, notFound INTEGER NOT NULL DEFAULT 0, heard TEXT, callbacks INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS claimsByWork ON claims (nextAt);
  CREATE INDEX IF NOT EXISTS claimsOpen ON claims (dueAt) WHERE outcome IS NULL;
  CREATE TABLE IF NOT EXISTS payments (
    id TEXT PRIMARY KEY, claimId TEXT NOT NULL, amount REAL NOT NULL, paidAt INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS quarantine (
    id INTEGER PRIMARY KEY, claimId TEXT, reason TEXT NOT NULL, body BLOB NOT NULL, receivedAt INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS problems (
    kind TEXT NOT NULL, claimId TEXT NOT NULL, detail TEXT NOT NULL, raisedAt INTEGER NOT NULL,
    notified INTEGER NOT NULL DEFAULT 0, cleared INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (kind, claimId));`);
// Protection: dedup. The database itself refuses a second payment.
if (has("dedup")) db.exec("CREATE UNIQUE INDEX IF NOT EXISTS onePayment ON payments (claimId)");

/** Prepares a change. @param {string} sql @returns {(...values: unknown[]) => number} rows changed */
function change(sql) {
  const statement = db.prepare(sql);
  return (...values) => statement.run(...values).changes;
}

/** Prepares a question. @template Row @param {string} sql @returns {(...values: unknown[]) => Row[]} */
function rows(sql) {
  const statement = db.prepare(sql);
  return (...values) => /** @type {Row[]} */ (statement.all(...values));
}

const insertClaim = change(
  "INSERT INTO claims (id, claimNumber, patient, amount, nextAt, dueAt) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
);
/** A claim number that we know already is the same claim. @param {Pick<Claim, "claimNumber" | "patient" | "amount">} claim */
export function receive({ claimNumber, patient, amount }) {
  insertClaim(randomUUID(), claimNumber, patient, amount, Date.now(), Date.now() + PROMISE_MS);
  return findByNumber(claimNumber)[0]?.id;
}

/** @type {(id: string) => Claim[]} */
export const find = rows("SELECT * FROM claims WHERE id = ?");
/** @type {(claimNumber: string) => Claim[]} */
export const findByNumber = rows("SELECT * FROM claims WHERE claimNumber = ?");
/** The claim whose number stands somewhere in a text that could not be read. @type {(text: string) => Claim[]} */
export const findNamedIn = rows(
  "SELECT * FROM claims WHERE instr(?, claimNumber) > 0 ORDER BY length(claimNumber) DESC",
);
/** @type {(id: string) => { id: string, amount: number, paidAt: number }[]} */
export const payments = rows("SELECT id, amount, paidAt FROM payments WHERE claimId = ? ORDER BY paidAt");
// Protection: concurrency. Without it, the one worker stays with the claim that it could not submit.
const urgency = has("concurrency") ? "nextAt" : "partnerId IS NULL AND attempts > 0 DESC, nextAt";
/** @type {() => { row: number }[]} */
const newestRow = rows("SELECT coalesce(max(rowid), 0) AS row FROM claims");
// Protection: restart-recovery. Without it, what an earlier process left undone stays undone.
const leftBehind = has("restart-recovery") ? 0 : newestRow()[0]?.row;
/** Claims that we do something about, the most urgent first. @type {(limit: number) => Claim[]} */
export const nextUp = rows(
  `SELECT * FROM claims WHERE nextAt IS NOT NULL AND rowid > ${leftBehind} ORDER BY ${urgency} LIMIT ?`,
);
/** Nobody was told, and the result is overdue; one that is being found lost has twice the time. @type {(patienceMs: number, now: number) => Claim[]} */
export const overdue = rows(
  `SELECT * FROM claims WHERE outcome IS NULL AND status != 'needs_review'
     AND dueAt < ?2 - CASE notFound WHEN 0 THEN ?1 ELSE 2 * ?1 END`,
);
/** One row. @type {(now: number) => Record<string, number>[]} */
export const figures = rows(
  `SELECT count(*) FILTER (WHERE outcome IS NULL) AS claims_pending,
     count(*) FILTER (WHERE outcome IS NULL AND dueAt < ?1) AS claims_stuck,
     count(*) FILTER (WHERE status = 'needs_review') AS claims_needs_review,
     count(*) FILTER (WHERE outcome IS NOT NULL) AS claims_settled,
     total(amount) FILTER (WHERE status = 'needs_review' OR (outcome IS NULL AND dueAt < ?1)) AS claims_value_at_risk
   FROM claims`,
);
export const attemptBegins = change("UPDATE claims SET attempts = ?, nextAt = ? WHERE id = ?");
export const callbackSeen = change("UPDATE claims SET callbacks = callbacks + 1 WHERE id = ?");
/** Protection: late-reply. Changes a claim that is not settled. @param {string} id @param {Partial<Claim>} changes @returns whether it was not */
export function update(id, changes) {
  const columns = Object.keys(changes).map((name) => `${name} = ?`);
  const sql = `UPDATE claims SET ${columns} WHERE id = ? ${has("late-reply") ? "AND outcome IS NULL" : ""}`;
  return change(sql)(...Object.values(changes), id) === 1;
}
/** Protection: stage-order. A stage moves a claim that is on its way, never one that is settled or under review. @type {(id: string) => number} */
export const putInReview = change(
  `UPDATE claims SET status = 'in_review' WHERE id = ? ${has("stage-order") ? "AND status IN ('received', 'submitted')" : ""}`,
);
/** A settled claim that is asked about once more, and the end of that. */
export const doubt = change(
  "UPDATE claims SET attempts = 0, nextAt = ?2 WHERE id = ?1 AND partnerId IS NOT NULL",
);
/** @type {(id: string, status: string) => number} */
export const confirm = change(
  "UPDATE claims SET status = ?2, nextAt = NULL WHERE id = ?1 AND outcome IS NOT NULL",
);
const setSettled = change("UPDATE claims SET status = ?, outcome = ?, nextAt = ? WHERE id = ?");
export const clearProblems = change("UPDATE problems SET cleared = 1 WHERE claimId = ?");
const pay = change("INSERT OR IGNORE INTO payments SELECT ?, id, amount, ? FROM claims WHERE id = ?");
/** Takes a result over, with its payment: all or nothing. @type {(id: string, outcome: string) => "settled" | "duplicate" | "conflict"} */
export const settle = db.transaction((id, outcome) => {
  const before = find(id)[0]?.outcome ?? null;
  // Protection: dedup.
  if (before === outcome && has("dedup")) return "duplicate";
  // Protection: final-states.
  if (before !== null && before !== outcome && has("final-states")) return "conflict";
  // Protection: stop-polling.
  const nextAt = has("stop-polling") ? null : Date.now() + TIMES.poll.capMs;
  setSettled(outcome === "approved" ? "paid" : outcome, outcome, nextAt, id);
  clearProblems(id);
  if (outcome === "approved") pay(randomUUID(), Date.now(), id);
  return before === null ? "settled" : "duplicate";
});
export const quarantine = change("INSERT INTO quarantine VALUES (NULL, ?, ?, ?, ?)");
/** Opens a problem, or opens it again. */
export const openProblem = change(
  `INSERT INTO problems (kind, claimId, detail, raisedAt, cleared) VALUES (?, ?, ?, ?, ?)
   ON CONFLICT DO UPDATE SET detail = excluded.detail, cleared = excluded.cleared,
     notified = CASE WHEN cleared THEN 0 ELSE notified END`,
);
/** Protection: alert-grouping. One incident a kind of problem, not one a claim. @type {() => Problem[]} */
export const problems = rows(
  `SELECT problems.*, kind ${has("alert-grouping") ? "" : "|| '/' || claimId"} AS incident,
     coalesce(claimNumber || printf(' ($%.2f)', amount), CASE claimId WHEN '' THEN 'an unknown claim' ELSE claimId END) AS name
   FROM problems LEFT JOIN claims ON claims.id = claimId ORDER BY raisedAt`,
);
export const setNotified = change("UPDATE problems SET notified = 1 WHERE kind = ? AND claimId = ?");
/** Trouble that belongs to no claim is over when it is old; what comes again is new. */
export const clearUnnamed = change("UPDATE problems SET cleared = 1 WHERE claimId = '' AND raisedAt < ?");
export const closeProblem = change("DELETE FROM problems WHERE kind = ? AND claimId = ?");
export const close = () => db.close();
