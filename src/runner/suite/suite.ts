// The suite: scenarios over workers, each with its own partner, inbox and system; results into one run folder.
import type { Phase } from "../../history/event.ts";
import type { RunRecord, ScenarioRecord } from "../../history/run-record.ts";
import type { Config, Scenario } from "../../scenarios/types.ts";
import { needTls } from "../../simulator/faults/describe.ts";
import type { Schedule } from "../../simulator/plan/schedule.ts";
import { buildRecord } from "../record.ts";
import { createRunFolder, newRunId, type RunFolder } from "../run-folder.ts";
import { openGround } from "../scenario/ground.ts";
import { systemHeader } from "../scenario/header.ts";
import { runScenario, type ScenarioOutcome } from "../scenario/run-scenario.ts";

import { runPool } from "./pool.ts";
import { RUN_PLAN_VERSION, type RunPlan } from "./run-plan.ts";

export interface SuiteOptions {
  config: Config;
  scenarios: readonly Scenario[];
  /** How the user names the configuration. */
  configName?: string;
  seed: string;
  workers: number;
  /** Folder that holds the run folders. */
  output: string;
  failFast?: boolean;
  /** Each scenario this many times, every time with other dice. Default 1. */
  repeatEach?: number;
  /** Resolved schedules by scenario (and repeat), to be played again as they are. */
  schedules?: ReadonlyMap<string, Schedule>;
  signal: AbortSignal;
  hooks?: SuiteHooks;
}

export interface SuiteHooks {
  onScenarioStart?(scenario: Scenario, repeat: number): void;
  onPhase?(scenario: Scenario, repeat: number, phase: Phase): void;
  onScenarioEnd?(record: ScenarioRecord): void;
}

export interface SuiteResult {
  record: RunRecord;
  folder: RunFolder;
  outcomes: ScenarioOutcome[];
}

interface Job {
  scenario: Scenario;
  repeat: number;
}

export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const { config, scenarios, seed, signal, hooks } = options;
  const startedAt = new Date();
  const folder = createRunFolder(options.output, newRunId(startedAt));
  const ground = await openGround(config, folder.id, {
    tls: scenarios.some(({ faults }) => needTls(faults)),
  });
  const jobs = scenarios.flatMap((scenario) => repeats(scenario, options.repeatEach ?? 1));
  let stopped = false;

  const workers = ground.shared ? 1 : options.workers;
  // Who runs one scenario at a time means it, and who stops at the first failure has to hear of it before the next begins.
  const overlaps = workers > 1 && !options.failFast;

  const runJob = async ({ scenario, repeat }: Job, yieldPlace: () => void) => {
    hooks?.onScenarioStart?.(scenario, repeat);
    const schedule = options.schedules?.get(scheduleKey(scenario.id, repeat));
    const outcome = await runScenario({
      scenario,
      config,
      seed,
      repeat,
      folder,
      ground,
      signal,
      onPhase: (phase) => hooks?.onPhase?.(scenario, repeat, phase),
      ...(overlaps && { onSilence: yieldPlace }),
      ...(schedule && { schedule }),
    });
    if (!outcome) return undefined;
    hooks?.onScenarioEnd?.(outcome.record);
    const { verdict } = outcome.record.verdict;
    if (outcome.neverReady || (options.failFast && verdict !== "passed")) stopped = true;
    return outcome;
  };

  try {
    const results = await runPool(jobs, workers, runJob, () => stopped || signal.aborted);
    const outcomes = results.filter((outcome) => outcome !== undefined);
    const record = buildRecord({
      id: folder.id,
      seed,
      ...(options.configName !== undefined && { config: options.configName }),
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      interrupted: signal.aborted,
      system: systemHeader(config),
      partner: config.partner.name,
      scenarios: outcomes.map(({ record }) => record),
      notRun: jobs.flatMap(({ scenario }, i) => (results[i] ? [] : [scenario.id])),
      claims: config.claims,
      ci: Boolean(process.env.CI),
    });
    writeRunPlan(options, folder, outcomes);
    return { record, folder, outcomes };
  } finally {
    await ground.close();
  }
}

function repeats(scenario: Scenario, times: number): Job[] {
  return Array.from({ length: times }, (_, i) => ({ scenario, repeat: i + 1 }));
}

/** What a replay needs: which configuration, which seed, which schedules. */
function writeRunPlan(
  { config, seed }: SuiteOptions,
  folder: RunFolder,
  outcomes: readonly ScenarioOutcome[],
): void {
  const plan: RunPlan = {
    neverfailsRunPlan: RUN_PLAN_VERSION,
    config: config.file,
    seed,
    schedules: Object.fromEntries(
      outcomes.map(({ record, schedule }) => [scheduleKey(record.scenario.id, record.repeat ?? 1), schedule]),
    ),
  };
  folder.write("schedule.json", `${JSON.stringify(plan, null, 2)}\n`);
}

/** How schedules are named in schedule.json: the id, with the repeat where there are several. */
export function scheduleKey(scenario: string, repeat: number): string {
  return repeat > 1 ? `${scenario}#${repeat}` : scenario;
}
