// The Python example ships what its supplier ships: once, only on a signed word, and also when no word comes.
import { spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { freePort } from "../src/lib/ports.ts";
import { until } from "../src/lib/wait.ts";
import { close, listen, readBody } from "./examples/loopback.ts";

const SECRET = "a secret for the tests only";
const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe.skipIf(!hasPython)("the Python example", () => {
  it("ships an order once, however often that is reported, and refuses what is forged or unreadable", async () => {
    await using stage = await startStage();
    const number = await stage.order("ORD-1");
    expect((await stage.summary(number)).phase).toBe("sent");
    expect(await stage.report("ORD-1", "shipped", { secret: "another" })).toBe(401);
    expect(await stage.report("ORD-1", "exploded")).toBe(422);
    expect(await stage.report("ORD-9", "shipped")).toBe(404);
    expect((await stage.summary(number)).phase).toBe("sent");
    expect(await stage.report("ORD-1", "shipped")).toBe(200);
    expect(await stage.report("ORD-1", "shipped")).toBe(200);
    expect(await stage.report("ORD-1", "backordered")).toBe(200);
    expect(await stage.summary(number)).toMatchObject({ phase: "shipped", shipments: 1 });
  });

  it("asks about an order whose report does not come", async () => {
    await using stage = await startStage();
    const number = await stage.order("ORD-1");
    const isShipped = async () => (await stage.summary(number)).phase === "shipped";
    expect(await until(isShipped, { withinMs: 8_000 })).toBe(true);
    expect((await stage.summary(number)).shipments).toBe(1);
  });
});

interface Summary {
  phase: string;
  shipments: number;
}

/** The service and a supplier that accepts everything, ships it and never says so. */
async function startStage() {
  const supplier = createServer(async (request, response) => {
    await readBody(request);
    const answer =
      request.method === "POST"
        ? { order: "nw-1", state: "accepted" }
        : { order: "nw-1", state: "settled", result: "shipped" };
    response.writeHead(request.method === "POST" ? 201 : 200).end(JSON.stringify(answer));
  });
  const supplierUrl = await listen(supplier);
  const dataDir = await mkdtemp(join(tmpdir(), "neverfails-example-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn("python3", ["service.py"], {
    cwd: fileURLToPath(new URL("../examples/python-orders", import.meta.url)),
    stdio: "ignore",
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATA_DIR: dataDir,
      SUPPLIER_URL: supplierUrl,
      WEBHOOK_SECRET: SECRET,
    },
  });
  const isUp = () =>
    fetch(`${url}/up`).then(
      (response) => response.ok,
      () => false,
    );
  if (!(await until(isUp, { withinMs: 8_000 }))) throw new Error("the Python example did not start");

  return {
    async order(ref: string): Promise<string> {
      const form = new URLSearchParams({ ref, sku: "B-7", quantity: "3" });
      const response = await fetch(`${url}/orders/new`, { method: "POST", body: form });
      const { order } = (await response.json()) as { order: { number: string } };
      return order.number;
    },
    async summary(number: string): Promise<Summary> {
      const response = await fetch(`${url}/orders/${number}/summary`);
      const { order } = (await response.json()) as { order: Summary };
      return order;
    },
    async report(ref: string, result: string, { secret } = { secret: SECRET }): Promise<number> {
      const body = JSON.stringify({ event: "order.finished", order_ref: ref, result });
      const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
      const headers = { "x-hub-signature-256": signature };
      return (await fetch(`${url}/hooks/supplier`, { method: "POST", headers, body })).status;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      await close(supplier);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
