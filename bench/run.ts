// npm run bench [-- name …]: every benchmark, each against a limit that is measured in the same run, as one table.
// Bounded: about two minutes. `--million` goes on to a million pending callbacks.
import { cpus, totalmem } from "node:os";
import { measureAccept } from "./accept.ts";
import { measureCallback } from "./callback.ts";
import { measureColdStart } from "./cold-start.ts";
import { measurePending } from "./pending.ts";
import { withBench } from "./processes.ts";
import { formatTable, type Row } from "./table.ts";
import { measureTiming } from "./timing.ts";

const MILLION = [100_000, 200_000, 500_000, 1_000_000];

const wanted = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const pendingCounts = process.argv.includes("--million") ? MILLION : undefined;

const BENCHMARKS: Record<string, () => Promise<Row[]>> = {
  accept: measureAccept,
  callback: measureCallback,
  timing: () => withBench(measureTiming),
  pending: () => withBench((bench) => measurePending(bench, pendingCounts)),
  "cold-start": measureColdStart,
};

const unknown = wanted.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  console.error(
    `no benchmark is called ${unknown.join(", ")}; there are ${Object.keys(BENCHMARKS).join(", ")}`,
  );
  process.exit(2);
}
const rows: Row[] = [];
for (const [name, measure] of Object.entries(BENCHMARKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  rows.push(...(await measure()));
}
console.log(formatTable(rows));
console.log(`\n${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`);
