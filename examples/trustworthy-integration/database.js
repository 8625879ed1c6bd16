// @ts-check
// One SQLite file, opened so that a committed transaction survives the death of this process.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { has } from "./protections.js";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS claims (
    id TEXT PRIMARY KEY, claimNumber TEXT NOT NULL UNIQUE, patient TEXT NOT NULL, amount REAL NOT NULL,
    status TEXT NOT NULL, outcome TEXT, stage TEXT NOT NULL, partnerId TEXT,
    attempts INTEGER NOT NULL DEFAULT 0, nextAt INTEGER NOT NULL, dueAt INTEGER,
    notFound INTEGER NOT NULL DEFAULT 0, callbacks INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS claimsByWork ON claims (stage, nextAt);
  CREATE TABLE IF NOT EXISTS payments (
    id TEXT PRIMARY KEY, claimId TEXT NOT NULL, amount REAL NOT NULL, paidAt INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS quarantine (
    id INTEGER PRIMARY KEY, claimId TEXT, reason TEXT NOT NULL, body BLOB NOT NULL, receivedAt INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS problems (
    kind TEXT NOT NULL, claimId TEXT NOT NULL, detail TEXT NOT NULL, raisedAt INTEGER NOT NULL,
    notified INTEGER NOT NULL DEFAULT 0, cleared INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (kind, claimId));`;

/** @param {string} dataDir */
export function openDatabase(dataDir) {
  mkdirSync(dataDir, { recursive: true });
  const db = new Database(join(dataDir, "claims.db"));
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = NORMAL");
  db.exec(SCHEMA);
  // Protection: dedup. The database itself refuses a second payment.
  if (has("dedup")) db.exec("CREATE UNIQUE INDEX IF NOT EXISTS onePayment ON payments (claimId)");
  // Protection: persist-first. Without it a commit comes up to a second after the answer.
  const late = has("persist-first") ? undefined : setInterval(() => db.exec("COMMIT; BEGIN"), 1_000);
  if (late) db.exec("BEGIN");

  return {
    /** Runs a statement. @param {string} sql @returns {(...values: unknown[]) => number} rows changed */
    run(sql) {
      const statement = db.prepare(sql);
      return (...values) => statement.run(...values).changes;
    },
    /** The rows that a query finds. @template Row @param {string} sql @returns {(...values: unknown[]) => Row[]} */
    all(sql) {
      const statement = db.prepare(sql);
      return (...values) => /** @type {Row[]} */ (statement.all(...values));
    },
    /** All or nothing. @template Result @param {() => Result} work @returns {Result} */
    transaction(work) {
      db.exec("SAVEPOINT work");
      try {
        const result = work();
        db.exec("RELEASE work");
        return result;
      } catch (error) {
        db.exec("ROLLBACK TO work; RELEASE work");
        throw error;
      }
    },
    close() {
      clearInterval(late);
      if (late) db.exec("COMMIT");
      db.close();
    },
  };
}
