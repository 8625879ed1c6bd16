// npm run bench:peers: raw node:http, neverfails and its peers on the same work, in interleaved slices of one run.
// Bounded: about four minutes. The peers are installed in this folder alone.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withBench } from "../processes.ts";
import { formatCells, median } from "../table.ts";
import type { Served, Work } from "../work.ts";
import { mockoon } from "./mockoon.ts";
import { mountebank } from "./mountebank.ts";
import type { Peer } from "./peer.ts";
import { wiremock } from "./wiremock.ts";

const PEERS: Peer[] = [wiremock, mountebank, mockoon];
const PORT = 16_400;
const SLICES = 7;
const WARM_UP = 4;
const SLICE_MS = 1_000;
const LONGEST_START_MS = 30_000;

interface Contestant {
  name: string;
  served: Served;
  rates: number[];
  lost: number;
}

const ended: (() => void)[] = [];
const folder = mkdtempSync(join(tmpdir(), "neverfails-peers-"));
const rows: string[][] = [
  ["server", "accept, ratio to raw", "accept + callback after 100 ms, ratio to raw", "callbacks lost"],
];
try {
  const accept = await compete("accept", PORT);
  const callback = await compete("callback", PORT + 100);
  for (const [i, { name }] of accept.entries()) {
    const lost = callback[i]?.lost ?? 0;
    rows.push([name, ratioOf(accept, i), ratioOf(callback, i), String(lost)]);
  }
  for (const { name, needs } of PEERS)
    if (!isThere(needs)) rows.push([name, `not measured: no ${needs} here`, "", ""]);
  console.log(formatCells(rows));
} finally {
  for (const end of ended) end();
  rmSync(folder, { recursive: true, force: true });
}

function compete(work: Work, firstPort: number): Promise<Contestant[]> {
  return withBench(async (bench) => {
    const contestants: Contestant[] = [];
    for (const [kind, name] of [
      ["raw", "raw node:http"],
      ["partner", "neverfails"],
    ] as const) {
      const { served } = await bench.serve(kind, work);
      contestants.push({ name, served, rates: [], lost: 0 });
    }
    for (const [i, peer] of PEERS.entries()) {
      if (!isThere(peer.needs)) continue;
      const port = firstPort + 10 * i;
      await startPeer(peer, port, work);
      contestants.push({ name: peer.name, served: { port, token: "none" }, rates: [], lost: 0 });
    }
    for (let i = -WARM_UP; i < SLICES; i++) {
      process.stderr.write(`${work}: slice ${i + WARM_UP + 1} of ${SLICES + WARM_UP}\n`);
      for (const one of contestants) {
        const name = `${work}${i + WARM_UP}`;
        const order = { kind: "closed-loop", served: one.served, work, forMs: SLICE_MS, name } as const;
        const { accepted, lost, ms } = await bench.tryDrive(order);
        if (i < 0) continue;
        one.rates.push((accepted / ms) * 1_000);
        one.lost += lost;
      }
    }
    for (const end of ended.splice(0)) end();
    return contestants;
  });
}

async function startPeer(peer: Peer, port: number, work: Work): Promise<void> {
  const place = join(folder, `${work}-${port}`);
  mkdirSync(place, { recursive: true });
  const { command, args } = peer.start(port, work, place);
  // From its own folder, where it may leave what it writes.
  const child = spawn(command, args, { cwd: place, stdio: "ignore" });
  spawnSync("taskset", ["-a", "-p", "-c", "0", String(child.pid)], { stdio: "ignore" });
  ended.push(() => child.kill("SIGKILL"));
  const deadline = performance.now() + LONGEST_START_MS;
  while (!(await isListening(port))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`${peer.name} does not listen`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function isThere(command: string | undefined): boolean {
  return command === undefined || spawnSync(command, ["-version"], { stdio: "ignore" }).status === 0;
}

function ratioOf(contestants: readonly Contestant[], index: number): string {
  const [raw] = contestants;
  const rates = contestants[index]?.rates ?? [];
  const ratios = rates.map((rate, i) => rate / (raw?.rates[i] ?? Number.NaN));
  return `${median(ratios).toFixed(2)} (${Math.round(median(rates))}/s)`;
}
