// How some checks ended over all scenarios of a run, and the words for it.
import type { CheckId, CheckResult } from "../../history/verdict.ts";
import type { ScenarioSummary } from "./scenarios.ts";
import { countOf } from "./words.ts";

export interface Entry {
  scenario: string;
  check: CheckResult;
}

export interface Tally {
  passed: Entry[];
  failed: Entry[];
  /** Exercised or demanded, yet without an answer; also what was found and waived. */
  undecided: Entry[];
}

export function tallyOf(scenarios: ScenarioSummary[], ids: CheckId[]): Tally {
  const tally: Tally = { passed: [], failed: [], undecided: [] };
  for (const { id: scenario, record } of scenarios) {
    for (const check of record.verdict.checks) {
      if (!ids.includes(check.id)) continue;
      switch (check.status) {
        case "passed":
        case "failed":
          tally[check.status].push({ scenario, check });
          break;
        case "inconclusive":
        case "error":
        case "cannot-tell":
          tally.undecided.push({ scenario, check });
          break;
        case "waived":
          // A waiver excuses the scenario; it answers no question with yes.
          if (check.findings.length > 0) tally.undecided.push({ scenario, check });
          break;
        case "not-exercised":
          break;
      }
    }
  }
  return tally;
}

/** `alerts failed in 4 of 5 scenarios, detects in 3 of 5`. */
export function failuresText({ passed, failed, undecided }: Tally): string {
  const ids = [...new Set(failed.map(({ check }) => check.id))];
  const parts = ids.map((id, index) => {
    const of = (entries: Entry[]) => entries.filter(({ check }) => check.id === id);
    const all = scenarioCount([...of(passed), ...of(failed), ...of(undecided)]);
    return `${id} ${index === 0 ? "failed " : ""}in ${scenarioCount(of(failed))} of ${index === 0 ? countOf(all, "scenario") : all}`;
  });
  return parts.join(", ");
}

export function undecidedText({ undecided }: Tally): string {
  const [first] = undecided;
  if (first === undefined) return "";
  const { scenario, check } = first;
  const more = scenarioCount(undecided) - 1;
  return `: ${check.id} is ${check.status.replace("-", " ")} in ${scenario}${more > 0 ? ` and ${more} more` : ""}`;
}

export function scenarioCount(entries: Entry[]): number {
  return new Set(entries.map(({ scenario }) => scenario)).size;
}
