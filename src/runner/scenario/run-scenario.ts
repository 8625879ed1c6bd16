// One scenario from start to verdict: set the stage, play the phases, tear down, judge what the history says.
import { setMaxListeners } from "node:events";
import type { Phase } from "../../history/event.ts";
import type { History } from "../../history/header.ts";
import type { ScenarioRecord } from "../../history/run-record.ts";
import type { ScenarioVerdict } from "../../history/verdict.ts";
import { UserError } from "../../lib/problem.ts";
import type { Config, Scenario } from "../../scenarios/types.ts";
import { spares } from "../../simulator/faults/describe.ts";
import { resolveSchedule } from "../../simulator/plan/resolve.ts";
import type { Schedule } from "../../simulator/plan/schedule.ts";
import { judge } from "../judge/judge.ts";
import { scenarioRecord } from "../record.ts";
import type { RunFolder } from "../run-folder.ts";
import type { StartFailure } from "../system/start-failure.ts";
import { planWorkload } from "../workload/transactions.ts";
import type { Ground } from "./ground.ts";
import { runPhases } from "./phases.ts";
import { followProgress } from "./progress.ts";
import { setStage } from "./stage.ts";

export interface RunScenarioOptions {
  scenario: Scenario;
  config: Config;
  seed: string;
  /** 1-based; later repeats draw other dice. */
  repeat: number;
  folder: RunFolder;
  ground: Ground;
  /** Replays exactly this instead of resolving one. */
  schedule?: Schedule;
  signal: AbortSignal;
  onPhase?: (phase: Phase) => void;
  /** Called when nothing is left to do but to listen for a while. */
  onSilence?: () => void;
}

export interface ScenarioOutcome {
  record: ScenarioRecord;
  schedule: Schedule;
  history: History;
  /** The system did not become ready: the next scenario need not try. */
  neverReady: boolean;
}

/** Undefined when aborted: what happened is in the history file, but there is no verdict on half a scenario. */
export async function runScenario(options: RunScenarioOptions): Promise<ScenarioOutcome | undefined> {
  const { scenario, config, folder, repeat, ground, signal } = options;
  // Every wait listens on it; none stays longer than it waits.
  setMaxListeners(0, signal);
  const began = performance.now();
  const seed = repeat > 1 ? `${options.seed}.${repeat}` : options.seed;
  const workload = planWorkload({
    seed,
    scenario: scenario.id,
    nonce: ground.nonce,
    noun: config.workflow.noun,
    transactions: scenario.workload.transactions,
    control: scenario.workload.control,
    spares: scenario.faults.every(spares),
  });
  const stage = await setStage({
    scenario,
    config,
    seed,
    ground,
    folder,
    signal,
    workload,
    historyName: folder.historyName(scenario.id, repeat),
    logName: folder.logName(scenario.id, repeat),
  });
  let schedule: Schedule = options.schedule ?? {
    neverfailsSchedule: 1,
    seed,
    scenario: scenario.id,
    faults: [],
  };
  let failure: StartFailure | undefined;
  try {
    const progress = followProgress(stage.history, stage.header.system.states !== undefined);
    failure = await stage.open();
    if (!failure) {
      schedule = options.schedule ?? (await resolve(options, seed, workload, stage.driver));
      const { onPhase, onSilence } = options;
      await runPhases({
        stage,
        scenario,
        workload,
        schedule,
        progress,
        signal,
        ...(onPhase && { onPhase }),
        ...(onSilence && { onSilence }),
      });
      // A scenario that was interrupted has no last look: nothing was given the time that it was promised.
      if (signal.aborted) noteInterrupt(stage);
      else await stage.lastLook();
    }
  } finally {
    await stage.close();
  }
  if (signal.aborted) return undefined;
  if (stage.problems.length > 0) throw new UserError([...stage.problems]);
  // Judged as it stands on disk, so that a saved history gives the same verdict and no secret reaches a report.
  const history = { header: stage.header, events: stage.writtenEvents() };
  return {
    history,
    schedule,
    neverReady: failure !== undefined,
    record: scenarioRecord(stage.header, {
      verdict: withFailure(judge(history), failure),
      durationMs: Math.round(performance.now() - began),
      history: folder.historyName(scenario.id, repeat),
      ...(config.system.kind === "process" && { log: folder.logName(scenario.id, repeat) }),
      ...(repeat > 1 && { repeat }),
    }),
  };
}

async function resolve(
  { scenario }: RunScenarioOptions,
  seed: string,
  workload: ReturnType<typeof planWorkload>,
  driver: { preview(transaction: (typeof workload.faulted)[number]): Promise<unknown> },
): Promise<Schedule> {
  const transactions = await Promise.all(
    workload.faulted.map(async (transaction) => ({
      ordinal: transaction.ordinal,
      control: transaction.group === "control",
      start: await driver.preview(transaction),
    })),
  );
  return resolveSchedule({ seed, scenario: scenario.id, faults: scenario.faults, transactions });
}

/** A system that never became ready explains everything else; say it first, with its last words. */
function withFailure(verdict: ScenarioVerdict, failure: StartFailure | undefined): ScenarioVerdict {
  if (!failure) return verdict;
  const { message, hint, logTail } = failure;
  const lastWords = logTail.slice(-5).map((line) => `its log: ${line}`);
  return { ...verdict, verdict: "inconclusive", reasons: [`${message}; ${hint}`, ...lastWords] };
}

function noteInterrupt({ history }: Awaited<ReturnType<typeof setStage>>): void {
  const reason = "the run was interrupted before the scenario had ended";
  history.append({ source: "runner", kind: "phase.incomplete", reason, keys: [], cut: true });
}
