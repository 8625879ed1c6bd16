// A claims service that survives its partner: it takes claims, has Acme Clearinghouse decide them, and pays what is approved.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { isAcmeUp } from "./acme.js";
import { tellSoon, testAlert } from "./alerts.js";
import { has } from "./protections.js";
import { SETTINGS } from "./settings.js";
import * as store from "./store.js";
import { takeResult } from "./webhook.js";
import { sweepStuck, wake } from "./work.js";

const ALL_IS_WELL = { partner_up: 1, claims_stuck: 0, claims_needs_review: 0, claims_value_at_risk: 0 };
/** @type {Map<string, number>} */
const callbacks = new Map();
const app = new Hono();
app.use(bodyLimit({ maxSize: 256 * 1024 }));

app.post("/claims", async (c) => {
  const body = await c.req.json().catch(() => null);
  if (typeof body?.claimNumber !== "string" || body.claimNumber === "" || typeof body.patient !== "string")
    return c.json({ error: "claimNumber and patient must be texts" }, 400);
  if (!Number.isFinite(body.amount)) return c.json({ error: "amount must be a number" }, 400);
  // Protection: persist-first. The claim is on disk before it is acknowledged; the work on it comes later.
  const id = store.receive(body);
  wake();
  return c.json({ id }, 202);
});

app.get("/claims/:id", (c) => {
  const [claim] = store.find(c.req.param("id"));
  if (claim === undefined) return c.json({ error: "no such claim" }, 404);
  const { id, claimNumber, status } = claim;
  return c.json({ id, claimNumber, status, payments: store.payments(id) });
});

app.post("/claims/:id/replay", (c) => {
  // Protection: operator-replay.
  const [claim] = has("operator-replay") ? store.find(c.req.param("id")) : [];
  if (claim === undefined) return c.json({ error: "no such claim" }, 404);
  // It stays under review until it is settled.
  const again = { partnerId: null, nextAt: Date.now(), attempts: 0, notFound: 0 };
  if (!store.update(claim.id, again)) return c.json({ error: "settled already" }, 409);
  wake();
  return c.json({ id: claim.id }, 202);
});

app.post("/webhooks/acme", async (c) => {
  const [status, result] = takeResult(c.req.raw.headers, Buffer.from(await c.req.arrayBuffer()));
  callbacks.set(result, (callbacks.get(result) ?? 0) + 1);
  return c.json({ result }, status);
});
app.get("/healthz", (c) => c.text("ok"));
app.get("/status", (c) => c.json(status()));
app.get("/metrics", (c) => c.text(metrics()));
app.post("/test-alert", async (c) =>
  (await testAlert()) ? c.text("sent") : c.text("not heard everywhere", 502),
);

app.onError((error, c) => {
  // Protection: error-isolation. Without it a broken request takes the whole service down.
  if (!has("error-isolation")) process.nextTick(() => Promise.reject(error));
  console.error(error.stack);
  return c.json({ error: "something broke here" }, 500);
});

wake();
tellSoon(0);
if (has("stuck-sweep")) setInterval(sweepStuck, 200); // Protection: stuck-sweep.
serve({ fetch: app.fetch, port: SETTINGS.port, hostname: "127.0.0.1" });
console.log(`claims service on port ${SETTINGS.port}`);
process.on("exit", store.close); // whatever is open goes on from the database at the next start
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => process.exit(0));

/** Protection: truthful-health. Without it all is well, whatever happens. */
function figures() {
  const truth = { ...store.figures(Date.now())[0], partner_up: isAcmeUp() ? 1 : 0 };
  return { ...ALL_IS_WELL, ...(has("truthful-health") ? truth : {}) };
}

/** `stuck` counts claims past their promise without a result. */
function status() {
  const { partner_up: up, claims_stuck: stuck, claims_needs_review: needsReview } = figures();
  const healthy = up === 1 && stuck === 0 && needsReview === 0;
  return { healthy, partner: up === 1 ? "up" : "down", stuck, needsReview };
}

/** Prometheus text format. */
function metrics() {
  const gauges = Object.entries(figures()).map(([name, value]) => `${name} ${value}`);
  const counts = [...callbacks].map(([result, count]) => `callbacks_total{result="${result}"} ${count}`);
  return [...gauges, ...counts, ""].join("\n");
}
