// npm run kill-matrix [-- --workers 16 --only unavailable --removal timeout --others 5]: prints the kill matrix as a table.
import { parseArgs } from "node:util";
import { renderKillMatrix } from "../src/reports/kill-matrix.ts";
import { BENIGN, REMOVALS } from "../tests/kill-matrix/removals.ts";
import { failedChecks, runKillMatrix } from "../tests/kill-matrix/run-kill-matrix.ts";

const { values } = parseArgs({
  options: {
    workers: { type: "string", default: "16" },
    seed: { type: "string", default: "42" },
    /** Only scenarios whose id contains this. */
    only: { type: "string", default: "" },
    /** Only these removals or variants, by comma. */
    removal: { type: "string" },
    /** How many scenarios that a removal is not named with; default: all. */
    others: { type: "string" },
  },
});
const wanted = values.removal?.split(",");
const isWanted = (name: string) => wanted === undefined || wanted.includes(name);
const began = Date.now();
const { matrix, results } = await runKillMatrix({
  removals: Object.fromEntries(Object.entries(REMOVALS).filter(([name]) => isWanted(name))),
  benign: BENIGN.filter(isWanted),
  workers: Number(values.workers),
  seed: values.seed,
  only: (id) => id.includes(values.only),
  ...(values.others !== undefined && { others: Number(values.others), benignOthers: Number(values.others) }),
  onResult: (result) => {
    const failures = failedChecks(result).map(({ check }) => check);
    process.stderr.write(`${result.variant}  ${result.scenario}  ${failures.join(", ") || "passed"}\n`);
  },
});
process.stdout.write(renderKillMatrix(matrix));
process.stderr.write(`${results.length} scenario runs in ${Math.round((Date.now() - began) / 1_000)} s\n`);
const isProven =
  matrix.removals.every((row) => !row.void && row.killedBy.length > 0 && row.unexpected.length === 0) &&
  matrix.benign.every((row) => row.failed.length === 0);
process.exitCode = isProven ? 0 : 1;
