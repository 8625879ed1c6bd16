// @ts-check
// A claims service as a good developer builds it in a day: it takes claims, submits them to Acme Clearinghouse and
// pays what is approved. It works on every day on which Acme works.
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import Database from "libsql";

const {
  PORT = "3000",
  DATA_DIR = "data",
  PARTNER_URL = "http://127.0.0.1:4000",
  PARTNER_TOKEN = "",
  OPS_SLACK_URL = "",
  PAGERDUTY_URL = "",
  PAGERDUTY_KEY = "",
  PUBLIC_URL = `http://127.0.0.1:${PORT}`,
} = process.env;

/** @typedef {{ id: string, claimNumber: string, patient: string, amount: number, status: string }} Claim */

mkdirSync(DATA_DIR, { recursive: true });
const db = new Database(join(DATA_DIR, "claims.db"));
db.exec("PRAGMA journal_mode = WAL");
db.exec("PRAGMA synchronous = NORMAL");
db.exec(`
  CREATE TABLE IF NOT EXISTS claims (
    id TEXT PRIMARY KEY, claimNumber TEXT NOT NULL UNIQUE, patient TEXT NOT NULL, amount REAL NOT NULL, status TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS payments (id TEXT PRIMARY KEY, claimId TEXT NOT NULL, amount REAL NOT NULL, paidAt TEXT NOT NULL);
`);
const insertClaim = db.prepare(
  "INSERT INTO claims (id, claimNumber, patient, amount, status) VALUES (?, ?, ?, ?, ?)",
);
const claimById = db.prepare("SELECT id, claimNumber, patient, amount, status FROM claims WHERE id = ?");
const claimByNumber = db.prepare(
  "SELECT id, claimNumber, patient, amount, status FROM claims WHERE claimNumber = ?",
);
const setStatus = db.prepare("UPDATE claims SET status = ? WHERE id = ?");
const insertPayment = db.prepare("INSERT INTO payments (id, claimId, amount, paidAt) VALUES (?, ?, ?, ?)");
const paymentsOf = db.prepare("SELECT id, amount, paidAt FROM payments WHERE claimId = ?");
const countByStatus = db.prepare("SELECT status, count(*) AS count FROM claims GROUP BY status");

/** @type {Record<string, string>} */
const STATUS_OF = { approved: "paid", denied: "denied", rejected: "rejected" };

/** @param {Claim} claim */
async function submit({ id, claimNumber, patient, amount }) {
  const response = await fetch(`${PARTNER_URL}/v1/claims`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${PARTNER_TOKEN}`,
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
    },
    body: JSON.stringify({
      reference: claimNumber,
      patient,
      amount,
      callbackUrl: `${PUBLIC_URL}/webhooks/acme`,
    }),
  });
  if (!response.ok) throw new Error(`Acme answered ${response.status}`);
  setStatus.run("submitted", id);
}

const app = new Hono();

app.post("/claims", async (c) => {
  const { claimNumber, patient, amount } = await c.req.json();
  const claim = { id: randomUUID(), claimNumber, patient, amount, status: "received" };
  insertClaim.run(claim.id, claimNumber, patient, amount, claim.status);
  try {
    await submit(claim);
  } catch (error) {
    console.error(`claim ${claimNumber}: could not be submitted:`, error);
  }
  return c.json({ id: claim.id }, 202);
});

app.get("/claims/:id", (c) => {
  const claim = /** @type {Claim | undefined} */ (claimById.get(c.req.param("id")));
  if (!claim) return c.json({ error: "no such claim" }, 404);
  const { id, claimNumber, status } = claim;
  return c.json({ id, claimNumber, status, payments: paymentsOf.all(id) });
});

app.post("/webhooks/acme", async (c) => {
  const { reference, outcome } = await c.req.json();
  const claim = /** @type {Claim | undefined} */ (claimByNumber.get(reference));
  const status = STATUS_OF[outcome];
  if (!claim || !status) {
    console.error(`claim ${reference}: unexpected result ${outcome}`);
    return c.json({ received: true });
  }
  setStatus.run(status, claim.id);
  if (status === "paid") insertPayment.run(randomUUID(), claim.id, claim.amount, new Date().toISOString());
  return c.json({ received: true });
});

app.post("/claims/:id/replay", async (c) => {
  const claim = /** @type {Claim | undefined} */ (claimById.get(c.req.param("id")));
  if (!claim) return c.json({ error: "no such claim" }, 404);
  await submit(claim);
  return c.json({ id: claim.id }, 202);
});

app.get("/healthz", (c) => c.text("ok"));

app.get("/metrics", (c) => {
  const rows = /** @type {{ status: string, count: number }[]} */ (countByStatus.all());
  const lines = rows.map(({ status, count }) => `claims{status="${status}"} ${count}`);
  return c.text(["# TYPE claims gauge", ...lines, ""].join("\n"));
});

// Alerting was wired up for the demo, and it works.
app.post("/test-alert", async (c) => {
  const summary = "Test alert of the claims service";
  await send(OPS_SLACK_URL, { text: summary });
  const payload = { summary, source: "claims-service", severity: "warning" };
  await send(PAGERDUTY_URL, { routing_key: PAGERDUTY_KEY, event_action: "trigger", payload });
  return c.text("sent");
});

/** @param {string} url @param {unknown} body */
async function send(url, body) {
  if (!url) return;
  await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

app.onError((error, c) => {
  console.error(error);
  return c.json({ error: "internal error" }, 500);
});

serve({ fetch: app.fetch, port: Number(PORT), hostname: "127.0.0.1" }, ({ port }) =>
  console.log(`claims service on port ${port}`),
);

process.once("SIGTERM", () => {
  db.close();
  process.exit(0);
});
