// Plays all batches against one served partner. After each, a good request must work as if nothing had been.
import { PartnerClient } from "../../src/simulator/control/client.ts";
import { BATCHES, slowClients } from "./batches.ts";
import { type Served, servePartner } from "./served.ts";
import type { Row } from "./verdict.ts";

export interface Played {
  rows: Row[];
  /** Resident memory of the partner's process in MiB, before and after. */
  memory: { before: number | undefined; after: number | undefined };
  /** Everything that must not happen. */
  wrong: string[];
}

/** The partner keeps its ledger; beyond that and the collector's leeway nothing may pile up. */
export const MOST_GROWTH_MIB = 200;
const SLOW_CLIENTS = 15;

/** `scale`: the share of the full number of requests and files. */
export async function play({ seed, scale = 1 }: { seed: string; scale?: number }): Promise<Played> {
  const served = await servePartner();
  const rows: Row[] = [];
  const wrong: string[] = [];
  try {
    await goodRequest(served, "before");
    const before = served.memory();
    const slow = slowClients(served, Math.ceil(SLOW_CLIENTS * scale));
    const control = new PartnerClient(`http://127.0.0.1:${served.controlPort}`);
    for (const [i, { name, count, run }] of BATCHES.entries()) {
      // Every other one meets a partner that misbehaves besides; nothing that answers 5xx on purpose.
      if (i % 2 === 1) {
        await control.faults.add({ fault: "submit.slow", delay: "1ms..20ms", on: "30%" });
        await control.faults.add({ fault: "callback.duplicate", copies: 2 });
        await control.faults.add({ fault: "status.unknown", on: "30%" });
      }
      rows.push(await run(served, seed, Math.ceil(count * scale)));
      if (!served.isAlive()) throw new Error(`the partner died during "${name}": ${served.stderr()}`);
      await control.faults.heal();
      await goodRequest(served, name);
    }
    rows.push(await slow);
    await goodRequest(served, "the end");
    const after = served.memory();
    wrong.push(...rows.flatMap((row) => row.wrong.map((text) => `${row.batch}: ${text}`)));
    if (before !== undefined && after !== undefined && after - before > MOST_GROWTH_MIB) {
      wrong.push(`the partner grew from ${before} to ${after} MiB`);
    }
    if (served.stderr() !== "") wrong.push(`the partner complained: ${served.stderr().slice(0, 2_000)}`);
    return { rows, memory: { before, after }, wrong };
  } finally {
    await served.stop();
  }
}

async function goodRequest({ port }: Served, when: string): Promise<void> {
  const reference = `good ${when} ${Date.now()}`;
  const headers = { authorization: "Bearer acme-test-token", "content-type": "application/json" };
  const response = await fetch(`http://127.0.0.1:${port}/v1/claims`, {
    method: "POST",
    headers: { ...headers, "idempotency-key": reference },
    body: JSON.stringify({ reference, patient: "Ada", amount: 1, callbackUrl: "http://127.0.0.1:9/" }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`a good request, after ${when}: ${response.status} ${text}`);
}
