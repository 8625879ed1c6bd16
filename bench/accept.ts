// Measures accepting: 600-byte submissions, validated, in the ledger and in a history on disk, against raw node:http.
// Servers and load run in processes of their own, slices are interleaved. Bounded: about half a minute.
import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AcceptOrder, AcceptResult } from "./accept-load.ts";
import type { Served, Spent } from "./accept-server.ts";

const CONNECTIONS = 64;
const SLICES = 9;
const SLICE_MS = 1_000;
/** util-linux; where it is missing, the scheduler decides. */
const TASKSET = "taskset";
/** The slices before these are for the compiler. */
const WARM_UP = 2;

interface Slice {
  perSecond: number;
  cpuMicros: number;
}

const folder = mkdtempSync(join(tmpdir(), "neverfails-bench-"));
const children: ChildProcess[] = [];
try {
  const load = start("./accept-load.ts", [], 1);
  await once(load, "message");
  const raw = await serve("raw");
  const partner = await serve("partner");
  const slices: { raw: Slice; partner: Slice }[] = [];
  for (let i = 0; i < WARM_UP + SLICES; i++) {
    const pair = { raw: await slice(load, raw, `r${i}`), partner: await slice(load, partner, `p${i}`) };
    if (i >= WARM_UP) slices.push(pair);
  }
  report(slices);
} finally {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

/** A child process, pinned to a core where that can be done. */
function start(file: string, args: string[], core: number): ChildProcess {
  const child = fork(new URL(file, import.meta.url), args, { execArgv: process.execArgv });
  children.push(child);
  spawnSync(TASKSET, ["-a", "-p", "-c", String(core), String(child.pid)], { stdio: "ignore" });
  return child;
}

async function serve(kind: "raw" | "partner"): Promise<{ child: ChildProcess; served: Served }> {
  const child = start("./accept-server.ts", [kind, join(folder, "history.ndjson")], 0);
  const [served] = (await once(child, "message")) as [Served];
  return { child, served };
}

async function slice(
  load: ChildProcess,
  { child, served }: { child: ChildProcess; served: Served },
  name: string,
): Promise<Slice> {
  const before = await spent(child);
  const order: AcceptOrder = { ...served, connections: CONNECTIONS, forMs: SLICE_MS, slice: name };
  load.send(order);
  const [{ accepted, refused, ms }] = (await once(load, "message")) as [AcceptResult];
  if (refused > 0) throw new Error(`${refused} of ${accepted + refused} submissions were refused`);
  return { perSecond: (accepted / ms) * 1_000, cpuMicros: ((await spent(child)) - before) / accepted };
}

async function spent(child: ChildProcess): Promise<number> {
  child.send("spent");
  const [{ cpuMicros }] = (await once(child, "message")) as [Spent];
  return cpuMicros;
}

function report(slices: readonly { raw: Slice; partner: Slice }[]): void {
  const rate = slices.map(({ raw, partner }) => partner.perSecond / raw.perSecond);
  const cpu = slices.map(({ raw, partner }) => raw.cpuMicros / partner.cpuMicros);
  const of = (pick: (slice: { raw: Slice; partner: Slice }) => number) =>
    Math.round(median(slices.map(pick)));
  console.log(`accept, ${CONNECTIONS} connections, ${SLICES} interleaved slices of ${SLICE_MS} ms`);
  console.log(
    `raw node:http  ${of(({ raw }) => raw.perSecond)}/s, ${of(({ raw }) => raw.cpuMicros)} µs CPU each`,
  );
  console.log(
    `partner        ${of(({ partner }) => partner.perSecond)}/s, ${of(({ partner }) => partner.cpuMicros)} µs CPU each`,
  );
  console.log(`ratio of rates ${spread(rate)}`);
  console.log(`ratio of CPU   ${spread(cpu)}`);
}

function spread(values: readonly number[]): string {
  return `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
