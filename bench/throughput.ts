// Accepting, and accepting with a signed callback after 100 ms: the partner against raw node:http, in interleaved slices.
import type { Bench, Server } from "./processes.ts";
import { median, type Row, spread } from "./table.ts";
import type { Work } from "./work.ts";

const SLICES = 9;
/** The slices before are for the compiler. */
const WARM_UP = 3;
const TARGET = 0.5;

interface Slice {
  perSecond: number;
  cpuMicros: number;
}

export async function measureThroughput(
  bench: Bench,
  work: Work,
  what: string,
  sliceMs: number,
): Promise<Row[]> {
  const servers = [await bench.serve("raw", work), await bench.serve("partner", work)] as const;
  const pairs: [Slice, Slice][] = [];
  for (let i = 0; i < WARM_UP + SLICES; i++) {
    // Turn about, so that neither always follows the other.
    const order = i % 2 === 0 ? servers : servers.toReversed();
    const slices: Slice[] = [];
    for (const server of order) slices.push(await slice(bench, server, work, sliceMs, `${work}${i}`));
    const [raw, partner] = i % 2 === 0 ? slices : slices.toReversed();
    if (i >= WARM_UP && raw && partner) pairs.push([raw, partner]);
  }
  const rates = pairs.map(([raw, partner]) => partner.perSecond / raw.perSecond);
  const costs = pairs.map(([raw, partner]) => raw.cpuMicros / partner.cpuMicros);
  return [
    {
      what: `${what}: rate`,
      reached: `${rate(pairs, 1)}, ratio ${spread(rates)}`,
      limit: rate(pairs, 0),
      target: `ratio ${TARGET}`,
      met: median(rates) >= TARGET,
    },
    {
      what: `${what}: processor time`,
      reached: `${cost(pairs, 1)}, ratio ${spread(costs)}`,
      limit: cost(pairs, 0),
      target: `ratio ${TARGET}`,
      met: median(costs) >= TARGET,
    },
  ];
}

async function slice(
  bench: Bench,
  { kind, served, spent }: Server,
  work: Work,
  forMs: number,
  name: string,
): Promise<Slice> {
  const before = await spent();
  const { accepted, ms } = await bench.drive({
    kind: "closed-loop",
    served,
    work,
    forMs,
    name: `${kind}${name}`,
  });
  const after = await spent();
  return { perSecond: (accepted / ms) * 1_000, cpuMicros: (after.cpuMicros - before.cpuMicros) / accepted };
}

function rate(pairs: readonly [Slice, Slice][], side: 0 | 1): string {
  return `${Math.round(median(pairs.map((pair) => pair[side].perSecond)))}/s`;
}

function cost(pairs: readonly [Slice, Slice][], side: 0 | 1): string {
  return `${Math.round(median(pairs.map((pair) => pair[side].cpuMicros)))} µs`;
}
