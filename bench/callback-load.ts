// The other side of bench/callback.ts, in a process of its own: 64 connections that submit, and the sink that is called back.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";

const CONNECTIONS = 64;
const LONGEST_DRAIN_MS = 20_000;

export type LoadOrder =
  | { kind: "closed-loop"; url: string; token: string; forMs: number }
  | { kind: "paced"; url: string; token: string; forMs: number; perSecond: number };

export interface LoadResult {
  submitted: number;
  /** Submissions whose callback never came. */
  lost: number;
  /** Milliseconds from the first submission to the last callback. */
  tookMs: number;
  /** Milliseconds from the reply to the callback, of each; sorted. */
  waitsMs: number[];
}

const repliedAt = new Map<string, number>();
const waitsMs: number[] = [];
let lastCallbackAt = 0;
let callbackUrl = "";
let number = 0;

const sink = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    lastCallbackAt = performance.now();
    const { reference } = JSON.parse(Buffer.concat(parts).toString()) as { reference: string };
    const at = repliedAt.get(reference);
    if (at !== undefined) waitsMs.push(lastCallbackAt - at);
    repliedAt.delete(reference);
    response.writeHead(204).end();
  });
});

async function submit(pool: Pool, token: string): Promise<void> {
  number += 1;
  const reference = `CLM-${number}`;
  // Known before the reply: a callback may overtake it.
  repliedAt.set(reference, performance.now());
  const body = JSON.stringify({ reference, callbackUrl, amount: 125, note: "x".repeat(400) });
  const { statusCode, body: reply } = await pool.request({
    method: "POST",
    path: "/v1/claims",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body,
  });
  await reply.dump();
  if (statusCode !== 202) throw new Error(`submission answered ${statusCode}`);
  if (repliedAt.has(reference)) repliedAt.set(reference, performance.now());
}

async function drive(order: LoadOrder): Promise<LoadResult> {
  const pool = new Pool(order.url, { connections: CONNECTIONS });
  const first = number;
  const startedAt = performance.now();
  waitsMs.length = 0;
  repliedAt.clear();
  const until = startedAt + order.forMs;
  if (order.kind === "closed-loop") {
    const worker = async () => {
      while (performance.now() < until) await submit(pool, order.token);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  } else {
    const open: Promise<void>[] = [];
    for (let i = 0; performance.now() < until; i++) {
      const due = startedAt + (i * 1_000) / order.perSecond;
      if (due > performance.now())
        await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      open.push(submit(pool, order.token));
    }
    await Promise.all(open);
  }
  const deadline = performance.now() + LONGEST_DRAIN_MS;
  while (repliedAt.size > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await pool.close();
  return {
    submitted: number - first,
    lost: repliedAt.size,
    tookMs: lastCallbackAt - startedAt,
    waitsMs: waitsMs.toSorted((a, b) => a - b),
  };
}

process.on("message", (order: LoadOrder) => void drive(order).then((result) => process.send?.(result)));
process.on("disconnect", () => process.exit());
sink.listen(0, "127.0.0.1", () => {
  callbackUrl = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/hook`;
  process.send?.("ready");
});
