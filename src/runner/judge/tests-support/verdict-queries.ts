// For tests: what a verdict says about one check.
import type { History } from "../../../history/header.ts";
import type { CheckId, CheckResult, ScenarioVerdict } from "../../../history/verdict.ts";
import { judge } from "../judge.ts";

export function check(verdict: ScenarioVerdict, id: CheckId): CheckResult {
  const found = verdict.checks.find((result) => result.id === id);
  if (!found) throw new Error(`the verdict has no check ${id}`);
  return found;
}

/** Ids of the checks that ended so. */
export function idsOf(verdict: ScenarioVerdict, status: CheckResult["status"]): CheckId[] {
  return verdict.checks.filter((result) => result.status === status).map(({ id }) => id);
}

/** All findings of a check as one text. */
export function told(verdict: ScenarioVerdict, id: CheckId): string {
  return check(verdict, id)
    .findings.map(({ text }) => text)
    .join("\n");
}

/** Judges a history and gives the status of one check: the shortest possible test. */
export function statusOf(history: History, id: CheckId): CheckResult["status"] {
  return check(judge(history), id).status;
}
