// The measured side, in a process of its own: raw node:http (with an undici pool), or the partner as it is built.
// Arguments: kind (raw | partner), work (accept | callback), the history's path.
import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";
import { loadBuilt } from "./built.ts";
import { header } from "./header.ts";
import { CALLBACK_DELAY_MS, type Kind, type Question, type Served, type Spent, type Work } from "./work.ts";

const SUBMISSION = {
  type: "object",
  required: ["reference", "amount"],
  properties: {
    reference: { type: "string", minLength: 1 },
    amount: { type: "number", minimum: 0 },
    patient: { type: "string" },
    callbackUrl: { type: "string" },
    note: { type: "string" },
  },
  additionalProperties: false,
};

/** Accepting alone is measured with decisions that come long after the measurement. */
const CONTRACT = {
  name: "Bench",
  auth: { bearer: "bench-token" },
  submit: {
    post: "/v1/claims",
    key: "body.reference",
    idempotency: { header: "idempotency-key" },
    schema: SUBMISSION,
    reply: { json: { id: "{{ submission.id }}", status: "accepted", reference: "{{ submission.key }}" } },
  },
};
const LATER = { takes: "1h", outcomes: { approved: "90%", denied: "10%" }, promises: "1h" };
const SOON = { takes: `${CALLBACK_DELAY_MS}ms`, outcomes: { approved: 1 } };
const CALLBACK = {
  to: "body.callbackUrl",
  json: {
    id: "{{ delivery.id }}",
    type: "claim.settled",
    reference: "{{ submission.key }}",
    outcome: "{{ submission.outcome }}",
  },
};

const [kind, work, historyPath = ""] = process.argv.slice(2) as [Kind, Work, string];
process.send?.(kind === "raw" ? await serveRaw() : await servePartner());
process.on("message", (question: Question) => {
  // A collection costs processor time, so only who asks for memory gets one.
  if (question === "memory") globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() } satisfies Spent);
});
process.on("disconnect", () => process.exit(0));

/** The limit: parses the same request and answers the same JSON; no ledger, plan, validation or history. */
async function serveRaw(): Promise<Served> {
  const pools = new Map<string, Pool>();
  const key = Buffer.alloc(32, 1);

  async function callBack(target: string, reference: string, id: string): Promise<void> {
    const { origin, pathname } = new URL(target);
    const pool = pools.get(origin) ?? new Pool(origin, { connections: 256 });
    pools.set(origin, pool);
    const body = JSON.stringify({ id, type: "claim.settled", reference, outcome: "approved" });
    const seconds = Math.floor(Date.now() / 1_000);
    const signature = createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64");
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(seconds),
      "webhook-signature": `v1,${signature}`,
    };
    const answer = await pool.request({ method: "POST", path: pathname, headers, body });
    await answer.body.dump();
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const submission = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      const { reference, callbackUrl } = submission as { reference: string; callbackUrl: string };
      const id = randomUUID();
      const body = JSON.stringify({ id, status: "accepted", reference });
      response.writeHead(202, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
      if (work === "callback") setTimeout(() => void callBack(callbackUrl, reference, id), CALLBACK_DELAY_MS);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, token: "none" };
}

/** As `neverfails serve --history file` runs it: every event goes to the file, none is kept. */
async function servePartner(): Promise<Served> {
  const { createClock, openHistoryFile, createHistoryLog, startPartner, contractSchema } = await loadBuilt();
  const clock = createClock();
  const writer = openHistoryFile(historyPath, header());
  const history = createHistoryLog({ clock, sink: writer.write, keeps: false });
  const contract = contractSchema.parse(
    work === "callback"
      ? { ...CONTRACT, process: SOON, callback: CALLBACK }
      : { ...CONTRACT, process: LATER },
  );
  const partner = await startPartner({ contract, clock, history, seed: "bench" });
  return { port: partner.port, token: partner.token };
}
