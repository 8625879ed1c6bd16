// Plays malformed requests and files against a served partner; exit code 1 when one was taken badly. `npm run abuse [seed]`.
import { MOST_GROWTH_MIB, play } from "./abuse/play.ts";

const MOST_SHOWN = 20;
const seed = process.argv[2] ?? String(Date.now() % 100_000);
const began = performance.now();
const { rows, memory, wrong } = await play({ seed });

const columns = ["sent", "refused", "done", "closed"] as const;
const line = (name: string, cells: readonly (string | number)[]) =>
  `${name.padEnd(32)}${cells.map((cell) => String(cell).padStart(10)).join("")}\n`;
process.stdout.write(line(`seed ${seed}`, [...columns, "slowest"]));
for (const row of rows)
  process.stdout.write(
    line(row.batch, [...columns.map((name) => row[name]), `${Math.round(row.slowestMs)} ms`]),
  );
const total = (name: (typeof columns)[number]) => rows.reduce((sum, row) => sum + row[name], 0);
const seconds = ((performance.now() - began) / 1_000).toFixed(1);
process.stdout.write(line("together", [...columns.map(total), `${seconds} s`]));
process.stdout.write(
  `\nmemory ${memory.before ?? "?"} → ${memory.after ?? "?"} MiB, at most ${MOST_GROWTH_MIB} MiB more\n`,
);
for (const text of wrong.slice(0, MOST_SHOWN)) process.stdout.write(`✗ ${text}\n`);
process.stdout.write(wrong.length === 0 ? "✓ nothing was taken badly\n" : `✗ ${wrong.length} taken badly\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
