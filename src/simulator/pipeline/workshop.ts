// Where accepted submissions are worked on: how long it takes and how it ends is drawn by key, faults may change both.
import type { HistoryLog } from "../../history/history.ts";
import { choose, pickWeighted } from "../../lib/choice.ts";
import { type Clock, isoTime } from "../../lib/clock.ts";
import { sampleDelay } from "../../lib/delay.ts";
import type { Contract } from "../contract/contract.ts";
import { type Stage, stageAt } from "../contract/stages.ts";
import type { LedgerBook, Submission } from "../ledger.ts";
import type { Processing } from "../pipeline-values.ts";
import type { ActiveFault, Plan } from "../plan/plan.ts";
import { createTimetable } from "../timetable.ts";
import { faultsOf, shapeProcessing } from "./shaping.ts";
import type { Tally } from "./tallies.ts";

export interface WorkshopOptions {
  contract: Pick<Contract, "process" | "stages">;
  seed: string;
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
  plan: () => Plan | undefined;
  /** Called when a submission was settled or rejected. */
  onDecided: (submission: Submission) => void;
  /** Called when it reached a stage before the last; the decision is that many milliseconds away (Infinity: never). */
  onStage: (submission: Submission, stage: Stage, decidedInMs: number) => void;
}

export interface Workshop {
  /** Begins to process what was just accepted. `isHurried`: it is decided at once, the stages close behind one another. */
  begin(submission: Submission, tally: Tally, isHurried?: boolean): void;
  /** The same was submitted again: what waits for that is processed now. */
  resubmitted(submission: Submission, tally: Tally): void;
  /** Takes it out of the works: what becomes of it is decided by hand. */
  withdraw(submission: Submission): void;
  /** True when nothing is on its way to a decision; what is stuck for good is not on its way. */
  isQuiet(): boolean;
  close(): void;
}

/** Flat, and what stands in the timetable itself: there may be a hundred thousand of them. */
interface Work {
  submission: Submission;
  armed: Plan | undefined;
  processing: Processing;
  by: readonly ActiveFault[];
  /** How many stages before the last it has passed. */
  passed: number;
  /** On the run's clock; 0 without stages, which alone look at it. */
  beganMs: number;
  /** It waits for its next stage, or for the decision. */
  isUnderWay: boolean;
}

/** The correction of what is decided already. */
interface Correcting {
  corrects: Work;
  outcome: string;
}

/** Between the stages of what is decided at once: enough for each report to arrive before the next. */
const HURRIED_STAGE_MS = 25;

export function createWorkshop(options: WorkshopOptions): Workshop {
  const { contract, seed, clock, history, ledger, plan, onDecided, onStage } = options;
  /** What rests until something happens, by submission: what is under way stands in the timetable. */
  const resting = new Map<string, Work>();
  const timetable = createTimetable<Work | Correcting>(() => clock.now(), perform);
  let underWay = 0;

  function start(submission: Submission, tally: Tally, isHurried = false): void {
    tally.accepted += 1;
    submission.state = "processing";
    const promised = honestProcessing(contract, seed, submission.ordinal);
    const honest = isHurried ? hurried(promised) : promised;
    const armed = plan();
    const active = armed?.at("processing", submission, tally.accepted) ?? [];
    const { value: processing, by } = shapeProcessing(honest, active);
    // What is begun again goes on from the stage that it had reached.
    const passed = resting.get(submission.id)?.passed ?? 0;
    const beganMs = processing.stages ? clock.now() : 0;
    const work: Work = { submission, armed, processing, by, passed, beganMs, isUnderWay: true };
    if (processing.clearsOnResubmit) resting.set(submission.id, work);
    else resting.delete(submission.id);
    for (const use of by) if (firing(use) === "beginning") armed?.fired(use);
    underWay += 1;
    proceed(work, 0);
  }

  /** Waits for the next stage, or for the decision; what is never decided comes to rest here. */
  function proceed(work: Work, atMs: number): void {
    const { processing, passed } = work;
    const next = processing.stages?.[passed];
    const waitMs = Math.max((next ? next.atMs : processing.takesMs) - atMs, 0);
    if (waitMs === Number.POSITIVE_INFINITY) {
      rest(work);
      return;
    }
    timetable.add(clock.now() + waitMs, work);
  }

  function rest(work: Work): void {
    if (!work.isUnderWay) return;
    work.isUnderWay = false;
    underWay -= 1;
  }

  function perform(due: Work | Correcting): void {
    if ("corrects" in due) correct(due);
    else if (due.isUnderWay) {
      const next = due.processing.stages?.[due.passed];
      if (next) reach(due, next.stage);
      else finish(due);
    }
  }

  function reach(work: Work, stage: Stage): void {
    const { submission } = work;
    const { key, id } = submission;
    work.passed += 1;
    submission.stage = stage.name;
    history.append({
      source: "partner",
      kind: "submission.advanced",
      key,
      submission: id,
      stage: stage.name,
    });
    const atMs = clock.now() - work.beganMs;
    const { ending, takesMs } = work.processing;
    onStage(submission, stage, ending === "lose" ? Number.POSITIVE_INFINITY : Math.max(takesMs - atMs, 0));
    proceed(work, atMs);
  }

  function finish(work: Work): void {
    const { submission, armed, processing, by } = work;
    rest(work);
    resting.delete(submission.id);
    for (const use of by) if (firing(use) === "decision") armed?.fired(use);
    const { key, id } = submission;
    const faults = faultsOf(by.filter((use) => firing(use) !== "correction"));
    if (processing.ending === "lose") {
      ledger.lose(submission);
      history.append({ source: "partner", kind: "submission.lost", key, submission: id, ...faults });
      return;
    }
    const rejected = processing.ending === "reject";
    const reason = processing.reason ?? "rejected";
    const decision = rejected
      ? ({ state: "rejected", outcome: "rejected", reason } as const)
      : ({ state: "settled", outcome: processing.outcome } as const);
    ledger.decide(submission, decision, isoTime(clock));
    history.append({
      source: "partner",
      kind: "submission.processed",
      key,
      submission: id,
      state: decision.state,
      outcome: decision.outcome,
      ...(rejected && { reason }),
      ...faults,
    });
    onDecided(submission);
    const { correction } = processing;
    if (!correction) return;
    underWay += 1;
    const { afterMs, outcome } = correction;
    timetable.add(clock.now() + afterMs, { corrects: work, outcome });
  }

  function correct({ corrects: { submission, armed, by }, outcome }: Correcting): void {
    underWay -= 1;
    const corrected = by.filter((use) => firing(use) === "correction");
    for (const use of corrected) armed?.fired(use);
    ledger.decide(submission, { state: "settled", outcome }, isoTime(clock));
    const { key, id } = submission;
    const told = { key, submission: id, state: "settled", outcome } as const;
    history.append({ source: "partner", kind: "submission.processed", ...told, ...faultsOf(corrected) });
    onDecided(submission);
  }

  return {
    begin: start,
    resubmitted(submission, tally) {
      const work = resting.get(submission.id);
      if (!work || Number.isFinite(work.processing.takesMs)) return;
      rest(work);
      start(submission, tally);
    },
    withdraw(submission) {
      const due = timetable.find(
        (one) => !("corrects" in one) && one.isUnderWay && one.submission === submission,
      );
      const work = due && !("corrects" in due) ? due : resting.get(submission.id);
      resting.delete(submission.id);
      if (work) rest(work);
    },
    isQuiet: () => underWay === 0,
    close() {
      timetable.clear();
      resting.clear();
      underWay = 0;
    },
  };
}

/** What the contract promises for the transaction with this ordinal: same seed, same time and outcome. */
export function honestProcessing(
  { process: { takes, outcomes }, stages }: Pick<Contract, "process" | "stages">,
  seed: string,
  ordinal: number,
): Processing {
  const outcome = pickWeighted(outcomes, choose(seed, "outcome", ordinal));
  if (!stages) {
    const takesMs = Math.round(sampleDelay(takes, choose(seed, "takes", ordinal)));
    return { takesMs, ending: "decide", outcome };
  }
  let takesMs = 0;
  const reached = stages.map((each, i) => {
    takesMs += Math.round(sampleDelay(each.takes, choose(seed, "takes", ordinal, each.name)));
    return { stage: stageAt(stages, i + 1), atMs: takesMs };
  });
  return { takesMs, ending: "decide", outcome, stages: reached.slice(0, -1) };
}

function hurried(honest: Processing): Processing {
  if (!honest.stages) return { ...honest, takesMs: 0 };
  const stages = honest.stages.map(({ stage }, i) => ({ stage, atMs: i * HURRIED_STAGE_MS }));
  return { ...honest, stages, takesMs: stages.length * HURRIED_STAGE_MS };
}

/** A promise that is broken by the decision itself (a rejection) or by its correction fires then; all others when work begins. */
function firing({ fault }: ActiveFault): "beginning" | "decision" | "correction" {
  if (fault.onset === "correction") return "correction";
  return fault.onset === "attempt" ? "decision" : "beginning";
}
