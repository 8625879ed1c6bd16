// Which of the declared signals told anything: one that was never readable, or red while all was well, tells nothing.
import type { ScenarioSummary } from "./scenarios.ts";

export interface SignalWorth {
  /** Could be read, and did not call a healthy system unhealthy in every scenario. */
  telling: string[];
  /** Gave no reading in any scenario. */
  unread: string[];
  /** Unhealthy before any fault, in every scenario. */
  red: string[];
}

/** Records that say nothing about signals (of an older version) leave them as they were declared. */
export function worthOfSignals(names: readonly string[], scenarios: readonly ScenarioSummary[]): SignalWorth {
  const of = (name: string) =>
    scenarios.flatMap(({ record }) => record.verdict.signals?.filter((signal) => signal.name === name) ?? []);
  const unread = names.filter((name) => of(name).length > 0 && of(name).every(({ readable }) => !readable));
  const red = names.filter(
    (name) => of(name).length > 0 && of(name).every(({ healthy }) => healthy === false),
  );
  return { telling: names.filter((name) => !unread.includes(name) && !red.includes(name)), unread, red };
}
