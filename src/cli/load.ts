// Everything that a run reads from files, or every mistake in them at once.
import { resolve } from "node:path";
import type { Result } from "../lib/problem.ts";
import { loadConfig } from "../scenarios/load/config.ts";
import { whyLeftOut } from "../scenarios/load/performable.ts";
import { loadScenarios } from "../scenarios/load/scenarios.ts";
import type { Config, Scenario } from "../scenarios/types.ts";

export interface LoadedRun {
  config: Config;
  scenarios: Scenario[];
  /** Shipped ones that cannot be played with this system, and why: the end of a sentence about "they". */
  leftOut: { scenario: Scenario; why: string }[];
}

export async function loadRun(configPath: string): Promise<Result<LoadedRun>> {
  const config = await loadConfig(resolve(configPath));
  if (!config.ok) return config;
  const scenarios = await loadScenarios(config.value.scenarioSources, config.value);
  if (!scenarios.ok) return scenarios;
  const leftOut = findLeftOut(scenarios.value, config.value);
  const played = scenarios.value.filter((scenario) => !leftOut.some((left) => left.scenario === scenario));
  return { ok: true, value: { config: config.value, scenarios: played, leftOut } };
}

export function findLeftOut(scenarios: readonly Scenario[], config: Config): LoadedRun["leftOut"] {
  return scenarios.flatMap((scenario) => {
    const why = whyLeftOut(scenario, config);
    return why === undefined ? [] : [{ scenario, why }];
  });
}

/** One line for each reason: which of the chosen scenarios are left out. Empty: none. */
export function leftOutLines(leftOut: LoadedRun["leftOut"], chosen: readonly Scenario[]): string[] {
  const relevant = leftOut.filter(({ scenario }) => chosen.includes(scenario));
  const reasons = [...new Set(relevant.map(({ why }) => why))];
  return reasons.map((reason) => {
    const ids = relevant.filter(({ why }) => why === reason).map(({ scenario }) => scenario.id);
    return `left out  ${ids.join(", ")}: ${reason}`;
  });
}
