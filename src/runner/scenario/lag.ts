// Notices when the harness itself stands still: times measured across such a gap prove nothing about the system.
import type { HistoryLog } from "../../history/history.ts";

const TICK_MS = 50;
/** Shorter delays are ordinary scheduling. */
const NOTEWORTHY_MS = 250;

/** Appends harness.lag events until the returned function is called. */
export function watchLag(history: HistoryLog): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const ms = now - last - TICK_MS;
    last = now;
    if (ms > NOTEWORTHY_MS) history.append({ source: "runner", kind: "harness.lag", ms: Math.round(ms) });
  }, TICK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
