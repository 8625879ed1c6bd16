// One scenario of a run as every report shows it.
import type { ScenarioRecord } from "../../history/run-record.ts";
import { type CheckResult, type Verdict, worstVerdict } from "../../history/verdict.ts";
import { type Readings, readingsOf } from "./reading.ts";

export interface ScenarioSummary {
  id: string;
  /** The id, with the number of the repeat where there are several. */
  label: string;
  title: string;
  asks?: string;
  verdict: Verdict;
  reasons: string[];
  readings: Readings;
  /** Checks that decided a verdict that is not `passed`, in the order of severity. */
  decisive: CheckResult[];
  waived: CheckResult[];
  loggedOnly: number;
  record: ScenarioRecord;
}

export function summarizeScenario(record: ScenarioRecord): ScenarioSummary {
  const { scenario, verdict, repeat } = record;
  return {
    id: scenario.id,
    label: repeat === undefined ? scenario.id : `${scenario.id} #${repeat}`,
    title: scenario.title,
    ...(scenario.asks === undefined ? {} : { asks: scenario.asks }),
    verdict: verdict.verdict,
    reasons: verdict.reasons.filter((reason) => !standsBelow(reason, verdict.checks)),
    readings: readingsOf(scenario.expect, verdict.measures),
    decisive: decisiveChecks(verdict.checks, verdict.reasons),
    waived: verdict.checks.filter(({ status }) => status === "waived"),
    loggedOnly: verdict.measures.loggedOnly,
    record,
  };
}

/** A repeated scenario counts once, with its worst verdict. */
export function verdictsById(scenarios: ScenarioSummary[]): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const { id, verdict } of scenarios) {
    const known = verdicts.get(id);
    verdicts.set(id, known === undefined ? verdict : worstVerdict([known, verdict]));
  }
  return verdicts;
}

/** The judge's reason repeats the first finding of an inconclusive check, and that is shown with its check. */
function standsBelow(reason: string, checks: CheckResult[]): boolean {
  return checks.some(
    ({ id, status }) => status === "inconclusive" && reason.startsWith(`${id}: inconclusive: `),
  );
}

function decisiveChecks(checks: CheckResult[], reasons: string[]): CheckResult[] {
  const isTold = (id: string, reason: string) =>
    reasons.some((told) => told.includes(id) && told.includes(reason));
  const isUnproven = ({ id, kind, status, reason = "" }: CheckResult) =>
    kind === "expectation" && (status === "not-exercised" || status === "cannot-tell") && !isTold(id, reason);
  return [
    ...checks.filter(({ status }) => status === "error"),
    ...checks.filter(({ status }) => status === "failed"),
    ...checks.filter((check) => check.status === "inconclusive" || isUnproven(check)),
  ];
}
