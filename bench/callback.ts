// The whole way: accepted, decided after 100 ms, called back and signed; against raw node:http with an undici pool.
import { withBench } from "./processes.ts";
import type { Row } from "./table.ts";
import { measureThroughput } from "./throughput.ts";

const SLICE_MS = 1_500;

export function measureCallback(): Promise<Row[]> {
  return withBench((bench) => measureThroughput(bench, "callback", "accept + signed callback", SLICE_MS));
}
