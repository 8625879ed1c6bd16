// @ts-check
// A claims service that survives its partner: it takes claims, has Acme Clearinghouse decide them, and pays what is approved.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { startAlerts, testAlert } from "./alerts.js";
import { metrics, status } from "./metrics.js";
import { has } from "./protections.js";
import { startReconciler } from "./reconciler.js";
import { SETTINGS } from "./settings.js";
import * as store from "./store.js";
import { startSubmitter } from "./submitter.js";
import { receiveResult } from "./webhook.js";

const app = new Hono();
app.use(bodyLimit({ maxSize: 256 * 1024 }));

app.post("/claims", async (c) => {
  const body = await c.req.json().catch(() => null);
  if (typeof body?.claimNumber !== "string" || body.claimNumber === "" || typeof body.patient !== "string")
    return c.json({ error: "claimNumber and patient must be texts" }, 400);
  if (!Number.isFinite(body.amount)) return c.json({ error: "amount must be a number" }, 400);
  // Protection: persist-first. The claim is on disk before it is acknowledged; the submitter does the rest.
  return c.json({ id: store.receive(body)?.id }, 202);
});

app.get("/claims/:id", (c) => {
  const claim = store.find(c.req.param("id"));
  if (claim === undefined) return c.json({ error: "no such claim" }, 404);
  const { id, claimNumber, status } = claim;
  return c.json({ id, claimNumber, status, payments: store.payments(id) });
});

app.post("/claims/:id/replay", (c) => {
  // Protection: operator-replay.
  if (!has("operator-replay")) return c.json({ error: "not offered" }, 404);
  const claim = store.find(c.req.param("id"));
  if (claim === undefined) return c.json({ error: "no such claim" }, 404);
  if (store.submitAgain(Date.now(), claim.id) === 0) return c.json({ error: "settled already" }, 409);
  return c.json({ id: claim.id }, 202);
});

app.post("/webhooks/acme", async (c) => {
  const body = Buffer.from(await c.req.arrayBuffer());
  const { status, result } = receiveResult(c.req.raw.headers, body);
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
  if (!has("error-isolation"))
    setImmediate(() => {
      throw error;
    });
  console.error(error.stack);
  return c.json({ error: "something broke here" }, 500);
});

const stops = [startSubmitter(), startReconciler(), startAlerts()];
const server = serve({ fetch: app.fetch, port: SETTINGS.port, hostname: "127.0.0.1" }, ({ port }) =>
  console.log(`claims service on port ${port}`),
);

for (const signal of ["SIGTERM", "SIGINT"])
  process.once(signal, () => {
    for (const stop of stops) stop();
    server.close();
    store.close();
    process.exit(0);
  });
