// One server of accept.ts, in a process of its own: `raw` node:http, or the partner with schema, ledger and history on disk.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { header } from "./header.ts";

export interface Served {
  port: number;
  token: string;
}

/** What was asked for: how much processor time was used since the process began, in microseconds. */
export interface Spent {
  cpuMicros: number;
}

/** Decided long after the measurement, so that accepting alone is measured. */
const CONTRACT = {
  name: "Bench",
  auth: { bearer: "bench-token" },
  submit: {
    post: "/v1/claims",
    key: "body.reference",
    idempotency: { header: "idempotency-key" },
    schema: {
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
    },
    reply: { json: { id: "{{ submission.id }}", status: "accepted", reference: "{{ submission.key }}" } },
  },
  process: { takes: "1h", outcomes: { approved: "90%", denied: "10%" }, promises: "1h" },
};

const [kind, historyPath = ""] = process.argv.slice(2);
const served = kind === "raw" ? await serveRaw() : await servePartner();
process.send?.(served);
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system } satisfies Spent);
});
process.on("disconnect", () => process.exit(0));

async function serveRaw(): Promise<Served> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { reference } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { reference: string };
      const body = JSON.stringify({ id: randomUUID(), status: "accepted", reference });
      response.writeHead(202, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, token: "none" };
}

/** What users run: the build, without the helpers that a loader of TypeScript puts around every function. */
async function built() {
  const load = (path: string) => import(new URL(`../dist/${path}.js`, import.meta.url).href);
  const [ndjson, history, clock, contract, partner] = await Promise.all(
    [
      "history/ndjson",
      "history/history",
      "lib/clock",
      "simulator/contract/contract",
      "simulator/partner",
    ].map(load),
  );
  return {
    ...ndjson,
    ...history,
    ...clock,
    ...contract,
    ...partner,
  } as typeof import("../src/history/ndjson.ts") &
    typeof import("../src/history/history.ts") &
    typeof import("../src/lib/clock.ts") &
    typeof import("../src/simulator/contract/contract.ts") &
    typeof import("../src/simulator/partner.ts");
}

async function servePartner(): Promise<Served> {
  const { createClock, openHistoryFile, createHistoryLog, startPartner, contractSchema } = await built();
  const clock = createClock();
  const writer = openHistoryFile(historyPath, header());
  const history = createHistoryLog({ clock, sink: writer.write });
  const partner = await startPartner({
    contract: contractSchema.parse(CONTRACT),
    clock,
    history,
    seed: "bench",
  });
  return { port: partner.port, token: partner.token };
}
