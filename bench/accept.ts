// Accepting: 600-byte submissions, validated, in the ledger and in a history on disk, against raw node:http.
import { withBench } from "./processes.ts";
import type { Row } from "./table.ts";
import { measureThroughput } from "./throughput.ts";

const SLICE_MS = 1_000;

export function measureAccept(): Promise<Row[]> {
  return withBench((bench) => measureThroughput(bench, "accept", "accept", SLICE_MS));
}
