// How late callbacks are at a steady 500 a second, seen at the sink.
import type { Bench } from "./processes.ts";
import { median, quantile, type Row } from "./table.ts";
import type { Kind } from "./work.ts";

const PER_SECOND = 500;
const SLICES = 7;
const SLICE_MS = 1_500;
const TARGET_P99_MS = 10;

export async function measureTiming(bench: Bench): Promise<Row[]> {
  const servers = [await bench.serve("raw", "callback"), await bench.serve("partner", "callback")] as const;
  const late: Record<Kind, { p50: number[]; p99: number[] }> = {
    raw: { p50: [], p99: [] },
    partner: { p50: [], p99: [] },
  };
  for (let i = -1; i < SLICES; i++) {
    for (const { kind, served } of servers) {
      const name = `timing${i}${kind}`;
      const order = {
        kind: "paced",
        served,
        work: "callback",
        forMs: SLICE_MS,
        perSecond: PER_SECOND,
        name,
      } as const;
      const { lateMs } = await bench.drive(order);
      if (i < 0) continue;
      late[kind].p50.push(quantile(lateMs, 0.5));
      late[kind].p99.push(quantile(lateMs, 0.99));
    }
  }
  const said = ({ p50, p99 }: { p50: number[]; p99: number[] }) =>
    `p50 ${median(p50).toFixed(1)} ms, p99 ${median(p99).toFixed(1)} ms`;
  return [
    {
      what: `callback lateness at ${PER_SECOND}/s`,
      reached: said(late.partner),
      limit: said(late.raw),
      target: `p99 ${TARGET_P99_MS} ms`,
      met: median(late.partner.p99) <= TARGET_P99_MS,
    },
  ];
}
