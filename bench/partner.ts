// What the bench takes of the product; bundled by bench/built.ts.
export { createHistoryLog } from "../src/history/history.ts";
export { openHistoryFile } from "../src/history/ndjson.ts";
export { createClock } from "../src/lib/clock.ts";
export { contractSchema } from "../src/simulator/contract/contract.ts";
export { startPartner } from "../src/simulator/partner.ts";
