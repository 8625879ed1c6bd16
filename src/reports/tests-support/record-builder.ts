// Builds run records for the tests of the reports: what is not said is that of a scenario that passed.
import type { Expectations, SystemHeader } from "../../history/header.ts";
import { DEFAULT_BOUNDS } from "../../history/header.ts";
import type { RunRecord, ScenarioRecord } from "../../history/run-record.ts";
import {
  type CheckId,
  type CheckResult,
  type CheckStatus,
  type Counts,
  EXPECTATION_IDS,
  type Finding,
  type Measure,
  type Measures,
  type Verdict,
  worstVerdict,
} from "../../history/verdict.ts";

export interface ScenarioSketch {
  id: string;
  title?: string;
  asks?: string;
  expect?: Expectations;
  faults?: string[];
  verdict?: Verdict;
  reasons?: string[];
  checks?: CheckResult[];
  measures?: Partial<Measures>;
  counts?: Partial<Counts>;
  repeat?: number;
  durationMs?: number;
}

export function scenario(sketch: ScenarioSketch): ScenarioRecord {
  const { id, verdict = "passed", faults = [] } = sketch;
  return {
    scenario: {
      id,
      title: sketch.title ?? `Title of ${id}`,
      ...(sketch.asks === undefined ? {} : { asks: sketch.asks }),
      tags: [],
      expect: sketch.expect ?? {},
      waives: {},
      bounds: DEFAULT_BOUNDS,
    },
    faults,
    verdict: {
      verdict,
      reasons: sketch.reasons ?? [],
      checks: sketch.checks ?? [check("agrees-with-partner", "passed"), check("no-false-alarm", "passed")],
      measures: {
        detect: measure(0, null),
        alert: measure(0, null),
        recover: measure(0, null),
        delay: measure(12, 900),
        loggedOnly: 0,
        ...sketch.measures,
      },
      counts: {
        transactions: 12,
        affected: faults.length === 0 ? 0 : 9,
        control: 3,
        startFailed: 0,
        startUnknown: 0,
        settledRight: 12,
        settledWrong: 0,
        attention: 0,
        pending: 0,
        valueAtRisk: 0,
        fired: Object.fromEntries(faults.map((fault) => [fault, 9])),
        ...sketch.counts,
      },
    },
    durationMs: sketch.durationMs ?? 4_200,
    startedAt: "2026-11-22T10:00:00.000Z",
    history: `history/${id}.ndjson`,
    ...(sketch.repeat === undefined ? {} : { repeat: sketch.repeat }),
  };
}

export function check(id: CheckId, status: CheckStatus, ...evidence: string[]): CheckResult {
  const isOpen = status === "not-exercised" || status === "cannot-tell" || status === "waived";
  const kind = EXPECTATION_IDS.some((expectation) => expectation === id) ? "expectation" : "invariant";
  const base = { id, kind, status, exercised: isOpen ? 0 : 9 } as const;
  if (status === "failed" || status === "inconclusive") {
    return {
      ...base,
      findings: evidence.map((text, index): Finding => ({ status, text, events: [index + 1] })),
    };
  }
  return { ...base, findings: [], ...(evidence[0] === undefined ? {} : { reason: evidence[0] }) };
}

/** The median is half of the worst. */
export function measure(count: number, worstMs: number | null, never = 0): Measure {
  return { count, medianMs: worstMs === null ? null : worstMs / 2, worstMs, never };
}

export const claimsSystem: SystemHeader = {
  name: "claims-service",
  noun: "claim",
  states: {
    submitted: { kind: "pending" },
    needs_review: { kind: "attention" },
    paid: { kind: "settled", outcome: "approved" },
  },
  observesEffects: true,
  channels: [
    { name: "claimsOps", kind: "slack", owner: "Claims operations", for: ["business"] },
    { name: "onCall", kind: "pagerduty", owner: "Integration team", for: ["technical"] },
  ],
  canary: true,
  signals: ["healthy", "stuck"],
  logs: true,
  operatorReplay: true,
  toleratesMs: 10_000,
  fallback: "docs/runbook.md",
  owned: true,
};

export function run(scenarios: ScenarioRecord[], changes: Partial<RunRecord> = {}): RunRecord {
  return {
    neverfailsRun: 1,
    id: "2026-11-22T10-00-00-a1b2",
    version: "0.1.0",
    seed: "42",
    startedAt: "2026-11-22T10:00:00.000Z",
    durationMs: 14_200,
    interrupted: false,
    verdict: worstVerdict(scenarios.map(({ verdict }) => verdict.verdict)),
    system: claimsSystem,
    partner: "Acme Clearinghouse",
    scenarios,
    notRun: [],
    claims: [],
    environment: { node: "20.20.2", platform: "linux", cpus: 2, ci: false },
    ...changes,
  };
}
