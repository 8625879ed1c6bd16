// The judge: a pure function from one history to one verdict. It reads the history and nothing else.
import type { Expectations, History, HistoryHeader } from "../../history/header.ts";
import {
  type CheckId,
  type CheckResult,
  EXPECTATION_IDS,
  type ExpectationId,
  INVARIANT_IDS,
  type ScenarioVerdict,
  type Verdict,
  worstVerdict,
} from "../../history/verdict.ts";
import { BY_THE_END } from "./by-the-end.ts";
import { count, NO_COUNTS } from "./counts.ts";
import { absorbs } from "./expectations/absorbs.ts";
import { alerts } from "./expectations/alerts.ts";
import { detects } from "./expectations/detects.ts";
import { recovers } from "./expectations/recovers.ts";
import { type Facts, readFacts } from "./facts.ts";
import { invariants } from "./invariants/index.ts";
import { measure, NO_MEASURES } from "./measures.ts";
import { mutantsOf } from "./mutants.ts";
import { type Check, type CheckOutcome, concludeCheck } from "./outcome.ts";
import { signalsOf } from "./signals.ts";
import { breaksOff, endedBeforeFaults, unsteadyReasons, vacuousReasons } from "./vacuity.ts";

/** Where the end came too soon, only what was seen can be held against a system; a control group may have been on its way. */
const BY_SILENCE: ReadonlySet<CheckId> = new Set<CheckId>([...BY_THE_END, "isolation"]);

/** Every declared expectation and every invariant; a check that throws is an `error` and hides none of the others. */
export function judge(history: History): ScenarioVerdict {
  const troubles: string[] = [];
  const fence = <T>(what: string, compute: () => T, otherwise: T): T => {
    try {
      return compute();
    } catch (cause) {
      troubles.push(`${what}: ${messageOf(cause)}`);
      return otherwise;
    }
  };
  const facts = fence("the history cannot be read", () => readFacts(history), undefined);
  if (!facts)
    return { verdict: "error", reasons: troubles, checks: [], measures: NO_MEASURES, counts: NO_COUNTS };

  const judged = [...judgeExpectations(facts), ...judgeInvariants(facts)];
  const checks = judged.map((check) =>
    endedBeforeFaults(facts) || (breaksOff(facts) && BY_SILENCE.has(check.id)) ? withoutBlame(check) : check,
  );
  const vacuous = fence("the evidence cannot be weighed", () => vacuousReasons(facts), []);
  const unsteady = fence("the steady state cannot be judged", () => unsteadyReasons(facts), []);
  const measures = fence("the measures cannot be computed", () => measure(facts), NO_MEASURES);
  const counts = fence("the counts cannot be computed", () => count(facts), NO_COUNTS);
  const mutants = fence("the mutations cannot be summed up", () => mutantsOf(facts, checks), []);
  const signals = fence("the signals cannot be weighed", () => signalsOf(facts), []);
  const verdict = worstVerdict([
    ...checks.flatMap(verdictOf),
    ...troubles.map((): Verdict => "error"),
    ...vacuous.map((): Verdict => "inconclusive"),
    ...unsteady.map((): Verdict => "failed"),
  ]);
  const reasons = [
    ...troubles,
    ...unsteady,
    ...vacuous,
    ...checks.flatMap(openReason),
    ...nothingProved(checks),
  ];
  return {
    verdict,
    reasons: verdict === "passed" ? [] : reasons,
    checks,
    measures,
    counts,
    ...(mutants.length > 0 && { mutants }),
    ...(signals.length > 0 && { signals }),
  };
}

function judgeExpectations(facts: Facts): CheckResult[] {
  const { expect } = facts.header.scenario;
  return EXPECTATION_IDS.flatMap((id) => {
    const check = expectationCheck(id, expect);
    return check ? [fenced(id, "expectation", check, facts)] : [];
  });
}

function expectationCheck(id: ExpectationId, expect: Expectations): Check | undefined {
  switch (id) {
    case "detects":
      return bind(detects, expect.detects);
    case "alerts":
      return bind(alerts, expect.alerts);
    case "recovers":
      return bind(recovers, expect.recovers);
    case "absorbs":
      return bind(absorbs, expect.absorbs);
  }
}

function bind<Demand>(
  check: (facts: Facts, demand: Demand) => CheckOutcome,
  demand: Demand | undefined,
): Check | undefined {
  return demand === undefined ? undefined : (facts) => check(facts, demand);
}

function judgeInvariants(facts: Facts): CheckResult[] {
  return INVARIANT_IDS.map((id) => waive(fenced(id, "invariant", invariants[id].check, facts), facts.header));
}

function fenced(id: CheckId, kind: CheckResult["kind"], check: Check, facts: Facts): CheckResult {
  try {
    return concludeCheck(id, kind, check(facts), facts);
  } catch (cause) {
    const reason = `the check itself failed: ${messageOf(cause)}`;
    return { id, kind, status: "error", exercised: 0, findings: [], reason };
  }
}

/** A waived invariant is judged all the same and shown; only a broken check cannot be waived away. */
function waive(result: CheckResult, { scenario }: HistoryHeader): CheckResult {
  const why = Object.hasOwn(scenario.waives, result.id) ? scenario.waives[result.id] : undefined;
  if (why === undefined || result.status === "error") return result;
  const found = result.findings[0]?.text;
  const would = `would have been ${result.status.replace("-", " ")}${found === undefined ? "" : `: ${found}`}`;
  return { ...result, status: "waived", reason: `waived: ${why}; ${would}` };
}

/** An expectation that nothing exercised leaves the scenario open: somebody asked for it. Invariants leave it alone. */
function verdictOf({ status, kind }: CheckResult): Verdict[] {
  switch (status) {
    case "passed":
    case "failed":
    case "inconclusive":
    case "error":
      return [status];
    case "not-exercised":
    case "cannot-tell":
      return kind === "expectation" ? ["inconclusive"] : [];
    case "waived":
      return [];
  }
}

/** What was found before any fault, or by silence in a history that breaks off, stays to be read, but decides nothing. */
function withoutBlame(check: CheckResult): CheckResult {
  if (check.status !== "failed") return check;
  return {
    ...check,
    status: "inconclusive",
    findings: check.findings.map((finding) => ({ ...finding, status: "inconclusive" })),
  };
}

function openReason(result: CheckResult): string[] {
  const { id, status, findings, reason } = result;
  if (
    status === "failed" ||
    status === "passed" ||
    !verdictOf(result).some((verdict) => verdict !== "passed")
  )
    return [];
  const first = status === "inconclusive" ? findings[0]?.text : reason;
  return [
    `${id}: ${status === "error" ? "" : `${status.replace("-", " ")}: `}${first ?? reason ?? "no evidence"}`,
  ];
}

function nothingProved(checks: readonly CheckResult[]): string[] {
  return checks.flatMap(verdictOf).length === 0 ? ["nothing in this run exercised any check"] : [];
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
