// @ts-check
// What can be measured from outside: figures for Prometheus, and a status that tells the truth.
import { partnerState } from "./partner-client.js";
import { has } from "./protections.js";
import { figures } from "./store.js";

/** @type {Map<string, number>} */
const callbacks = new Map();

/** @param {string} result */
export function countCallback(result) {
  callbacks.set(result, (callbacks.get(result) ?? 0) + 1);
}

/** `stuck` counts claims past their promise without a result. */
export function status() {
  // Protection: truthful-health. Without it all is well, whatever happens.
  if (!has("truthful-health")) return { healthy: true, partner: "up", stuck: 0, needsReview: 0 };
  const partner = partnerState();
  const { stuck, needsReview } = figures();
  return { healthy: partner === "up" && stuck === 0 && needsReview === 0, partner, stuck, needsReview };
}

/** Prometheus text format. */
export function metrics() {
  const { pending, settled, valueAtRisk } = figures();
  const { partner, stuck, needsReview } = status();
  const gauges = Object.entries({
    partner_up: partner === "up" ? 1 : 0,
    claims_pending: pending,
    claims_stuck: stuck,
    claims_needs_review: needsReview,
    claims_settled: settled,
    claims_value_at_risk: has("truthful-health") ? valueAtRisk : 0,
  }).flatMap(([name, value]) => [`# TYPE ${name} gauge`, `${name} ${value}`]);
  const counts = [...callbacks].map(([result, count]) => `callbacks_total{result="${result}"} ${count}`);
  return [...gauges, "# TYPE callbacks_total counter", ...counts, ""].join("\n");
}
