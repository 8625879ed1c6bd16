// What a pending callback costs: memory over idle with so many accepted submissions whose result is not due yet.
import type { Bench } from "./processes.ts";
import type { Row } from "./table.ts";

const COUNTS = [50_000, 100_000, 200_000];
const TARGET_MB = 150;
const MB = 1_048_576;

/** `counts`: rising; `--million` of run.ts goes on to a million. */
export async function measurePending(bench: Bench, counts: readonly number[] = COUNTS): Promise<Row[]> {
  const { served, spent } = await bench.serve("partner", "accept");
  await bench.drive({ kind: "count", served, work: "accept", count: 2_000, name: "warm" });
  const idle = (await spent("memory")).rssBytes;
  const found: { count: number; mb: number }[] = [];
  let pending = 0;
  for (const count of counts) {
    await bench.drive({
      kind: "count",
      served,
      work: "accept",
      count: count - pending,
      name: `pending${count}`,
    });
    pending = count;
    found.push({ count, mb: ((await spent("memory")).rssBytes - idle) / MB });
  }
  return found.map(({ count, mb }) => ({
    what: `${count.toLocaleString("en")} pending callbacks`,
    reached: `${Math.round(mb)} MB over idle, ${Math.round((mb * MB) / count)} bytes each`,
    limit: `idle ${Math.round(idle / MB)} MB`,
    target: `${Math.round((TARGET_MB * count) / 100_000)} MB`,
    met: mb <= (TARGET_MB * count) / 100_000,
  }));
}
