// Measures the whole way of a submission: accepted, decided after 100 ms, called back and signed; against raw node:http + undici.
// The load and the sink run in a process of their own. Bounded: about a minute.
import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HistoryHeader } from "../src/history/header.ts";
import { createHistoryLog } from "../src/history/history.ts";
import { openHistoryFile } from "../src/history/ndjson.ts";
import { createClock } from "../src/lib/clock.ts";
import { contractSchema } from "../src/simulator/contract/contract.ts";
import { startPartner } from "../src/simulator/partner.ts";
import type { LoadOrder, LoadResult } from "./callback-load.ts";
import { startRawPartner } from "./raw-partner.ts";

const DELAY_MS = 100;
const SLICES = 9;
const SLICE_MS = 1_500;
/** util-linux; where it is missing, the scheduler decides. */
const TASKSET = "taskset";

interface Side {
  name: string;
  url: string;
  token: string;
  /** Submissions a second, slice by slice. */
  rates: number[];
  /** CPU microseconds for one submission, slice by slice: less noisy than the rate where others use the machine. */
  costs: number[];
}

const contract = contractSchema.parse({
  name: "Bench",
  submit: { post: "/v1/claims", key: "body.reference" },
  process: { takes: `${DELAY_MS}ms`, outcomes: { approved: 1 } },
  callback: {
    to: "body.callbackUrl",
    json: {
      id: "{{ delivery.id }}",
      type: "claim.settled",
      reference: "{{ submission.key }}",
      outcome: "{{ submission.outcome }}",
    },
  },
});

const folder = mkdtempSync(join(tmpdir(), "neverfails-bench-"));
const load = fork(new URL("./callback-load.ts", import.meta.url), { execArgv: process.execArgv });
await once(load, "message");
pin(process.pid, 0);
pin(load.pid, 1);
try {
  await measure();
} finally {
  load.disconnect();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const clock = createClock();
  const file = openHistoryFile(join(folder, "history.ndjson"), {} as HistoryHeader);
  const history = createHistoryLog({ clock, sink: file.write });
  const partner = await startPartner({ contract, clock, history, seed: "bench" });
  const raw = await startRawPartner(DELAY_MS);
  const sides: [Side, Side] = [
    { name: "raw", url: raw.url, token: "", rates: [], costs: [] },
    { name: "partner", url: partner.url, token: partner.token, rates: [], costs: [] },
  ];
  // The first slice only warms up.
  for (let slice = -1; slice < SLICES; slice++) {
    for (const side of slice % 2 === 0 ? sides : sides.toReversed()) await runSlice(side, slice >= 0);
  }
  for (const { name, url, token, rates, costs } of sides) {
    const { waitsMs } = await order({ kind: "paced", url, token, forMs: 4_000, perSecond: 500 });
    console.log(
      `${name.padEnd(8)} ${median(rates).toFixed(0)} submissions with callback a second, ` +
        `${median(costs).toFixed(0)} µs CPU each; at 500/s a callback is late by ` +
        `p50 ${late(waitsMs, 0.5)} ms, p99 ${late(waitsMs, 0.99)} ms`,
    );
  }
  raw.close();
  await partner.close();
  file.close();
  const [base, measured] = sides;
  console.log(`ratio of rates (partner / raw): ${spread(pairwise(measured.rates, base.rates))}`);
  console.log(`ratio of CPU (raw / partner):   ${spread(pairwise(base.costs, measured.costs))}`);
}

async function runSlice({ url, token, rates, costs }: Side, counts: boolean): Promise<void> {
  const before = process.cpuUsage();
  const { submitted, tookMs } = await order({ kind: "closed-loop", url, token, forMs: SLICE_MS });
  const { user, system } = process.cpuUsage(before);
  if (!counts) return;
  rates.push((submitted / (tookMs - DELAY_MS)) * 1_000);
  costs.push((user + system) / submitted);
}

async function order(what: LoadOrder): Promise<LoadResult> {
  const answer = once(load, "message") as Promise<[LoadResult]>;
  (load as ChildProcess).send(what);
  const [result] = await answer;
  if (result.lost > 0) throw new Error(`${result.lost} of ${result.submitted} callbacks never came`);
  return result;
}

function pairwise(above: number[] = [], below: number[] = []): number[] {
  return above.map((value, i) => value / (below[i] ?? Number.NaN));
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function late(waitsMs: readonly number[], share: number): string {
  return (quantile(waitsMs, share) - DELAY_MS).toFixed(1);
}

function spread(ratios: readonly number[]): string {
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  return `median ${median(ratios).toFixed(2)}, ${low.toFixed(2)} to ${high.toFixed(2)} over ${ratios.length} slices`;
}

/** On a machine with taskset each process keeps to a core of its own. */
function pin(pid: number | undefined, core: number): void {
  if (pid !== undefined) spawnSync(TASKSET, ["-cp", String(core), String(pid)]);
}
