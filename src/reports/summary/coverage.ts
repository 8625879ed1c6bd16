// What a run did not look at: checks that could not be told or were never exercised anywhere in it.
import type { CheckId } from "../../history/verdict.ts";
import type { ScenarioSummary } from "./scenarios.ts";

export interface Coverage {
  /** The configuration offers no way to observe it, in any scenario. */
  cannotTell: { id: CheckId; reason: string }[];
  /** Nothing in the whole run could have broken it. */
  notExercised: CheckId[];
}

export function coverageOf(scenarios: ScenarioSummary[]): Coverage {
  const decided = new Set<CheckId>();
  const cannotTell = new Map<CheckId, string>();
  const notExercised = new Set<CheckId>();
  for (const { record } of scenarios) {
    for (const { id, status, reason } of record.verdict.checks) {
      if (status === "cannot-tell")
        cannotTell.set(id, cannotTell.get(id) ?? reason ?? "no way to observe it");
      else if (status === "not-exercised") notExercised.add(id);
      else decided.add(id);
    }
  }
  return {
    cannotTell: [...cannotTell].filter(([id]) => !decided.has(id)).map(([id, reason]) => ({ id, reason })),
    notExercised: [...notExercised].filter((id) => !decided.has(id) && !cannotTell.has(id)),
  };
}
