// @ts-check
// Does the work that is due, several claims at once and each claim once at a time.

/** @typedef {import("./store.js").Claim} Claim */

/**
 * @param {{ everyMs: number, width: number, due: (limit: number) => Claim[], work: (claim: Claim) => Promise<void> }} options
 * @returns {() => void} stops taking new work
 */
export function startWorkers({ everyMs, width, due, work }) {
  const busy = new Set();
  const timer = setInterval(() => {
    if (busy.size >= width) return;
    for (const claim of due(2 * width)) {
      if (busy.size >= width) return;
      if (busy.has(claim.id)) continue;
      busy.add(claim.id);
      work(claim)
        .catch((error) => console.error(`claim ${claim.claimNumber}: ${error.stack}`))
        .finally(() => busy.delete(claim.id));
    }
  }, everyMs);
  return () => clearInterval(timer);
}
