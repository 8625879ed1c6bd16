// The load and the sink, in a process of their own. Bare sockets submit, so that the server is the bottleneck.
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { CALLBACK_DELAY_MS, type LoadResult, type Order } from "./work.ts";

const CONNECTIONS = 64;
const LONGEST_DRAIN_MS = 20_000;
const PADDING = "x".repeat(410);

interface Await {
  repliedAt: number;
  calledAt: number;
}

const awaited = new Map<string, Await>();
let callbackUrl = "";
let repeated = 0;
let lastCallbackAt = 0;

const sink = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    lastCallbackAt = performance.now();
    const { reference } = JSON.parse(Buffer.concat(parts).toString()) as { reference: string };
    const one = awaited.get(reference);
    if (one && one.calledAt > 0) repeated += 1;
    else if (one) one.calledAt = lastCallbackAt;
    response.writeHead(204).end();
  });
});
sink.keepAliveTimeout = 10_000;

async function drive(order: Order): Promise<LoadResult> {
  awaited.clear();
  repeated = 0;
  const result = { accepted: 0, refused: 0, lost: 0, repeated: 0, ms: 0, lateMs: [] as number[] };
  const { port, token } = order.served;
  const began = performance.now();
  const due = began + ("forMs" in order ? order.forMs : 600_000);
  let sent = 0;
  const wantsMore = () => performance.now() < due && (order.kind !== "count" || sent < order.count);
  // The load never sleeps: a server pays for waking its client, and only the slower one would have to.
  let isOver = false;
  const stayAwake = () => void (isOver || setImmediate(stayAwake));
  if (order.kind === "closed-loop") stayAwake();
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => submitter(i)));
  isOver = true;
  const repliedMs = performance.now() - began;
  result.ms = repliedMs;
  if (order.work === "callback") {
    await drained();
    result.ms = lastCallbackAt - began - CALLBACK_DELAY_MS;
    const all = [...awaited.values()];
    result.lost = all.filter(({ calledAt }) => calledAt === 0).length;
    result.lateMs = all
      .map(({ calledAt, repliedAt }) => calledAt - repliedAt - CALLBACK_DELAY_MS)
      .sort((a, b) => a - b);
    result.repeated = repeated;
  }
  return result;

  function submitter(index: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let reference = "";
      const socket = connect(port, "127.0.0.1", () => next());
      socket.setNoDelay(true).setEncoding("latin1");
      socket.on("error", reject);
      socket.on("close", () => resolve());
      socket.on("data", (text: string) => {
        const one = awaited.get(reference);
        if (one) one.repliedAt = performance.now();
        if (text.startsWith("HTTP/1.1 202")) result.accepted += 1;
        else result.refused += 1;
        next();
      });
      let turn = 0;
      /** Paced: each connection has its own share of the moments. */
      function next(): void {
        if (order.kind === "paced") {
          const at = began + ((turn * CONNECTIONS + index) * 1_000) / order.perSecond;
          turn += 1;
          const waitMs = at - performance.now();
          if (waitMs > 0) setTimeout(send, waitMs);
          else send();
        } else send();
      }
      function send(): void {
        if (wantsMore()) reference = submit(socket);
        else socket.end();
      }
    });
  }

  function submit(socket: Socket): string {
    sent += 1;
    const reference = `${order.name}-${sent}`;
    // Known before the reply: a callback may overtake it.
    if (order.work === "callback") awaited.set(reference, { repliedAt: performance.now(), calledAt: 0 });
    const body = JSON.stringify({
      reference,
      amount: 125.5,
      patient: "Ada Lovelace",
      callbackUrl,
      note: PADDING,
    });
    socket.write(
      `POST /v1/claims HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\nidempotency-key: ${reference}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    return reference;
  }

  async function drained(): Promise<void> {
    const deadline = performance.now() + LONGEST_DRAIN_MS;
    while (missing() && performance.now() < deadline) await new Promise((wake) => setTimeout(wake, 5));
    function missing(): boolean {
      for (const { calledAt } of awaited.values()) if (calledAt === 0) return true;
      return false;
    }
  }
}

process.on("message", (order: Order) => void drive(order).then((result) => process.send?.(result)));
process.on("disconnect", () => process.exit());
sink.listen(0, "127.0.0.1", () => {
  callbackUrl = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/hook`;
  process.send?.("ready");
});
