// The phases of one scenario run: baseline → fault → heal → drain. Each ends on a condition or on its deadline.

import type { Phase } from "../../history/event.ts";
import type { History } from "../../history/header.ts";
import { sleep, until } from "../../lib/wait.ts";
import type { Scenario } from "../../scenarios/types.ts";
import { isPerformedByRunner } from "../../simulator/faults/fault.ts";
import { faultNamed } from "../../simulator/faults/index.ts";
import { createPlan } from "../../simulator/plan/plan.ts";
import type { Schedule } from "../../simulator/plan/schedule.ts";
import { judge } from "../judge/judge.ts";
import type { PlannedWorkload, Transaction } from "../workload/transactions.ts";
import { alertTroubles } from "./alert-troubles.ts";
import type { Progress } from "./progress.ts";
import type { Stage } from "./stage.ts";
import { performStrikes } from "./strikes.ts";

/** How long silence is observed after everything is settled: what polls, pays twice or resolves late shows here. */
const HOLD_MS = 1_700;
/** The canary alert must arrive within this. */
const CANARY_MS = 3_000;
/** What a baseline may take beyond the contract's promise. */
const BASELINE_SLACK_MS = 6_000;
/** How long a fault without a window waits for transactions that it has not met yet, beyond the promise. */
const EXPOSURE_SLACK_MS = 1_500;
/** Time for a sample to confirm what happened right at a deadline. */
const MARGIN_MS = 750;
const OPERATOR_EVERY_MS = 1_000;

export interface PhasesOptions {
  stage: Stage;
  scenario: Scenario;
  workload: PlannedWorkload;
  schedule: Schedule;
  progress: Progress;
  signal: AbortSignal;
  onPhase?: (phase: Phase) => void;
  /** Called when nothing is left to do but to listen for a while. */
  onSilence?: () => void;
}

export async function runPhases(options: PhasesOptions): Promise<void> {
  try {
    enter(options, "baseline");
    if (!(await baseline(options))) return;
    enter(options, "fault");
    await fault(options);
  } finally {
    enter(options, "heal");
    await options.stage.partner.heal();
  }
  const healedAt = options.stage.history.now();
  await probes(options);
  enter(options, "drain");
  await drain(options, healedAt);
}

function enter({ stage, onPhase }: PhasesOptions, phase: Phase): void {
  stage.history.phase = phase;
  stage.history.append({ source: "runner", kind: "phase.entered", entered: phase });
  onPhase?.(phase);
}

/** The same workload in small and without faults. False: the system is sick already, so no fault would be judged. */
async function baseline({ stage, scenario, workload, progress, signal }: PhasesOptions): Promise<boolean> {
  await stage.canary(CANARY_MS, signal);
  await stage.driver.drive(workload.baseline, scenario.workload.rate);
  const keys = workload.baseline.map((transaction) => transaction.key);
  const within = stage.header.partner.promisesMs + BASELINE_SLACK_MS;
  const healthy = await until(
    () => progress.systemDied() || stage.problems.length > 0 || keys.every(progress.isSettledRight),
    {
      withinMs: within,
      signal,
    },
  );
  if (healthy && !progress.systemDied()) return true;
  const sick = keys.filter((key) => !progress.isSettledRight(key));
  const reason = progress.systemDied()
    ? "the system's process ended during the baseline, before any fault"
    : `without any fault, ${sick.length} of ${keys.length} transactions did not settle right within ${within} ms`;
  stage.history.append({ source: "runner", kind: "phase.incomplete", reason, keys: sick });
  return false;
}

/** Armed, driven, and held until the last window has ended and every other fault has met its transactions. */
async function fault(options: PhasesOptions): Promise<void> {
  const { stage, scenario, workload, schedule, progress, signal } = options;
  const { history, partner } = stage;
  const plan = createPlan({ schedule, clock: stage.clock, ordinalOf: stage.ordinalOf, history });
  await partner.arm(plan);
  stage.plan = plan;
  stage.inbox.trouble(
    alertTroubles({ plan, channels: stage.header.system.channels, history, progress, keysIn: stage.keysIn }),
  );
  const strikes = performStrikes({ plan, stage, progress, signal });
  try {
    const began = history.now();
    await stage.driver.drive(workload.faulted, scenario.workload.rate);
    const windowsEnd = began + Math.max(plan.lastWindowEndMs, strikes.lastMomentMs);
    await sleep(Math.max(0, windowsEnd - history.now()), signal);
    await meetAll(options);
    await strikes.underWay();
  } finally {
    await strikes.end();
    stage.inbox.trouble(undefined);
    stage.plan = undefined;
  }
}

/** Until every fault that lasts until heal has met its transactions, or has had its time. */
async function meetAll({ stage, workload, schedule, progress, signal }: PhasesOptions): Promise<void> {
  const unmet = unmetFirings(schedule, workload.faulted, progress);
  await until(() => progress.systemDied() || unmet().length === 0, {
    withinMs: stage.header.partner.promisesMs + EXPOSURE_SLACK_MS,
    signal,
  });
}

/** The pairs of fault and transaction, for faults that last until heal, that have not met yet. */
function unmetFirings(schedule: Schedule, transactions: readonly Transaction[], progress: Progress) {
  const lasting = schedule.faults.filter((scheduled) => scheduled.during === undefined);
  // What the runner performs happens once, or when there is an alert; it does not wait for each transaction.
  const ours = lasting.filter(({ fault }) => isPerformedByRunner(faultNamed(fault).point));
  const pairs = lasting
    .filter((scheduled) => !ours.includes(scheduled))
    .flatMap(({ index, selected }) =>
      transactions
        .filter(({ ordinal }) => selected === "everyone" || selected.includes(ordinal))
        .map(({ key }) => ({ index, key })),
    );
  return () => [
    ...ours.filter(({ index }) => !progress.firedAtAll(index)),
    ...pairs.filter(({ index, key }) => !progress.fired(index, key)),
  ];
}

/** Where nobody could be spared, what is driven after heal stands in for the control group. */
async function probes({ stage, scenario, workload }: PhasesOptions): Promise<void> {
  if (workload.probes.length > 0) await stage.driver.drive(workload.probes, scenario.workload.rate);
}

/** Until every transaction is quiet and every expectation decided, or the last deadline; then a while of silence. */
async function drain(options: PhasesOptions, healedAt: number): Promise<void> {
  const { stage, scenario, progress, signal } = options;
  const operator = scenario.expect.recovers?.by === "operator" ? operate(options) : undefined;
  const deadline = lastDeadline(options, healedAt);
  await until(() => progress.systemDied() || isQuiet(options), {
    withinMs: Math.max(0, deadline - stage.history.now()),
    everyMs: 250,
    signal,
  });
  operator?.stop();
  options.onSilence?.();
  await sleep(HOLD_MS, signal);
}

function isQuiet({ stage, scenario, workload, progress }: PhasesOptions): boolean {
  const attentionSuffices = scenario.expect.recovers?.to === "attention";
  const all = [...workload.faulted, ...workload.probes];
  if (!all.every(({ key }) => progress.isFinished(key, attentionSuffices))) return false;
  if (!stage.partner.isQuiet()) return false;
  return expectationsHold({ header: stage.header, events: [...stage.history.events] });
}

/** Nothing declared is still open: waiting longer could not turn an expectation. */
function expectationsHold(history: History): boolean {
  return judge(history).checks.every(
    ({ kind, status }) => kind === "invariant" || (status !== "failed" && status !== "inconclusive"),
  );
}

/** History time after which nothing that was declared can come in time any more. */
function lastDeadline({ stage, scenario, progress }: PhasesOptions, healedAt: number): number {
  const { detects, alerts, recovers } = scenario.expect;
  const { promisesMs } = stage.header.partner;
  const lastOnset = Math.max(healedAt, (progress.lastFiredAt() ?? healedAt) + promisesMs);
  const within = Math.max(detects?.withinMs ?? 0, alerts?.withinMs ?? 0, recovers?.withinMs ?? 0, promisesMs);
  const holdsRequests = stage.header.faults.some(
    ({ fault, settings }) => fault === "connection.hangs" || settings.ending === "hang",
  );
  const givesUp = holdsRequests ? healedAt + scenario.bounds.givesUpMs : 0;
  return Math.max(lastOnset + within + (alerts?.resolves?.withinMs ?? 0), givesUp) + MARGIN_MS;
}

/** A person at the replay button: asks again for what needs attention, never for what does not. */
function operate({ stage, workload, progress, signal }: PhasesOptions): { stop(): void } {
  const stopped = new AbortController();
  const ended = AbortSignal.any([signal, stopped.signal]);
  const work = async () => {
    while (!ended.aborted) {
      const waiting = workload.faulted.filter(({ key }) => progress.means(key)?.kind === "attention");
      await Promise.all(waiting.map(({ key }) => stage.driver.replay(key)));
      await sleep(OPERATOR_EVERY_MS, ended);
    }
  };
  stage.background(work());
  return { stop: () => stopped.abort() };
}
