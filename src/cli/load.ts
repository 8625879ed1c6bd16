// Everything that a run reads from files, or every mistake in them at once.
import { resolve } from "node:path";
import type { Result } from "../lib/problem.ts";
import { loadConfig } from "../scenarios/load/config.ts";
import { loadScenarios } from "../scenarios/load/scenarios.ts";
import type { Config, Scenario } from "../scenarios/types.ts";

export interface LoadedRun {
  config: Config;
  scenarios: Scenario[];
}

export async function loadRun(configPath: string): Promise<Result<LoadedRun>> {
  const config = await loadConfig(resolve(configPath));
  if (!config.ok) return config;
  const scenarios = await loadScenarios(config.value.scenarioSources, config.value);
  if (!scenarios.ok) return scenarios;
  return { ok: true, value: { config: config.value, scenarios: scenarios.value } };
}
