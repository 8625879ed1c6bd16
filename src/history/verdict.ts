// What the judge says. Plain data; the reports read it and nothing else.

import type { Mutant } from "./event.ts";

export type Verdict = "passed" | "failed" | "inconclusive" | "error";

/** How one check ended (oracles.md, "From checks to verdicts"). */
export type CheckStatus = Verdict | "not-exercised" | "cannot-tell" | "waived";

export const EXPECTATION_IDS = ["detects", "alerts", "recovers", "absorbs"] as const;
export type ExpectationId = (typeof EXPECTATION_IDS)[number];

export const INVARIANT_IDS = [
  "no-lost-transaction",
  "no-invented-result",
  "agrees-with-partner",
  "no-duplicate-effect",
  "no-duplicate-submission",
  "stable-idempotency",
  "no-regression",
  "rejects-forgery",
  "verifies-identity",
  "isolation",
  "durable-acknowledgement",
  "no-silent-discard",
  "honours-rejection",
  "no-retry-storm",
  "honours-retry-after",
  "gives-up-waiting",
  "quiesces",
  "no-false-alarm",
  "stays-up",
] as const;
export type InvariantId = (typeof INVARIANT_IDS)[number];
export type CheckId = ExpectationId | InvariantId;

/** One line of evidence: what was promised, what was seen, for which transaction, since when. */
export interface Finding {
  status: "failed" | "inconclusive";
  key?: string;
  /** A whole sentence with times, without the check's id. */
  text: string;
  /** `seq` of the events that prove it. */
  events: number[];
}

export interface CheckResult {
  id: CheckId;
  kind: "expectation" | "invariant";
  status: CheckStatus;
  /** How often this run could have broken it. */
  exercised: number;
  findings: Finding[];
  /** Why it is `not-exercised`, `cannot-tell`, `waived` or `error`; may also explain a pass. */
  reason?: string;
}

/** Times in milliseconds over the transactions that have one; those without are counted in `never`, not averaged away. */
export interface Measure {
  count: number;
  medianMs: number | null;
  worstMs: number | null;
  never: number;
}

export interface Measures {
  /** Onset → first evidence that the system knows. */
  detect: Measure;
  /** Onset → first alert for it. */
  alert: Measure;
  /** Heal (or onset, where the fault is over by itself) → settled right. */
  recover: Measure;
  /** Start → settled right, over all transactions: what the business waits. */
  delay: Measure;
  /** Failures that showed up in the log only. */
  loggedOnly: number;
}

export interface Counts {
  transactions: number;
  affected: number;
  control: number;
  /** Transactions whose start the system refused, or never answered. */
  startFailed: number;
  startUnknown: number;
  settledRight: number;
  settledWrong: number;
  attention: number;
  pending: number;
  /** Value of the transactions that did not end right, by the ground truth; null when no value is declared. */
  valueAtRisk: number | null;
  /** Fired faults by name. */
  fired: Record<string, number>;
}

/** What became of the transactions that met one mutation of the payload. */
export interface MutantResult extends Mutant {
  /**
   * `broke`: a check failed for a transaction that met it, or the process ended over it. `not-tried`: it applies, and
   * nobody met it, or what became of them is not known.
   */
  result: "survived" | "broke" | "not-tried";
  /** Transactions that met it. */
  met: number;
  /** Checks that failed. */
  checks: CheckId[];
}

/** What a signal was worth in one scenario. */
export interface SignalResult {
  name: string;
  /** It gave a reading at least once. */
  readable: boolean;
  /** Its last reading before any fault; null: none, or one that carries no health. */
  healthy: boolean | null;
}

export interface ScenarioVerdict {
  verdict: Verdict;
  /** Why it is inconclusive or an error, as sentences; empty otherwise. */
  reasons: string[];
  checks: CheckResult[];
  measures: Measures;
  counts: Counts;
  /** Where payloads were broken: every mutation and field that applies. */
  mutants?: MutantResult[];
  /** Where signals are declared: each of them. */
  signals?: SignalResult[];
}

const SEVERITY: Record<Verdict, number> = { passed: 0, inconclusive: 1, failed: 2, error: 3 };

/** error > failed > inconclusive > passed; of nothing it is inconclusive, because nothing proves nothing. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict | undefined;
  for (const verdict of verdicts) {
    if (worst === undefined || SEVERITY[verdict] > SEVERITY[worst]) worst = verdict;
  }
  return worst ?? "inconclusive";
}
