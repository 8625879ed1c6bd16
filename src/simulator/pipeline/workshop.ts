// Where accepted submissions are worked on: how long it takes and how it ends is drawn by key, faults may change both.
import type { HistoryLog } from "../../history/history.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Contract } from "../contract/contract.ts";
import type { Stage } from "../contract/stages.ts";
import type { LedgerBook, Submission } from "../ledger.ts";
import type { Processing } from "../pipeline-values.ts";
import type { ActiveFault, Plan } from "../plan/plan.ts";
import { createTimetable } from "../timetable.ts";
import type { Decide } from "./decide.ts";
import { createHonestProcessing } from "./honest-processing.ts";
import { faultsOf, shapeProcessing } from "./shaping.ts";
import type { Tally } from "./tallies.ts";

export interface WorkshopOptions {
  contract: Pick<Contract, "process" | "stages">;
  seed: string;
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
  plan: () => Plan | undefined;
  decide: Decide;
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

/** What is more than a wait for an honest decision: it passes stages, or faults have changed it. */
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

/** A submission by itself waits for its honest decision: there may be a hundred thousand, and nothing else is to be known. */
type Due = Submission | Work | Correcting;

const NONE: readonly ActiveFault[] = [];

/** Between the stages of what is decided at once: enough for each report to arrive before the next. */
const HURRIED_STAGE_MS = 25;

export function createWorkshop(options: WorkshopOptions): Workshop {
  const { contract, seed, clock, history, ledger, plan, decide, onStage } = options;
  /** What rests until something happens, by submission: what is under way stands in the timetable. */
  const resting = new Map<string, Work>();
  const timetable = createTimetable<Due>(() => clock.now(), perform);
  /** Submissions that stand in the timetable by themselves, and are not to be decided there any more. */
  const withdrawn = new Set<Submission>();
  const honestProcessing = createHonestProcessing(contract, seed);
  let underWay = 0;

  function start(submission: Submission, tally: Tally, isHurried = false): void {
    tally.accepted += 1;
    submission.state = "processing";
    const { ordinal } = submission;
    const armed = plan();
    const active = armed?.at("processing", submission, tally.accepted) ?? NONE;
    if (active.length === 0 && !contract.stages && !resting.has(submission.id)) {
      underWay += 1;
      timetable.add(clock.now() + (isHurried ? 0 : honestProcessing.takesMs(ordinal)), submission);
      return;
    }
    const promised = honestProcessing.of(ordinal);
    const honest = isHurried ? hurried(promised) : promised;
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

  function perform(due: Due): void {
    if ("corrects" in due) correct(due);
    else if ("processing" in due) goOn(due);
    else if (!withdrawn.delete(due)) {
      underWay -= 1;
      decide(due, { state: "settled", outcome: honestProcessing.outcome(due.ordinal) }, {});
    }
  }

  function goOn(work: Work): void {
    if (!work.isUnderWay) return;
    const next = work.processing.stages?.[work.passed];
    if (next) reach(work, next.stage);
    else finish(work);
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
    const faults = faultsOf(by.filter((use) => firing(use) !== "correction"));
    const { ending, outcome: honestOutcome, reason = "rejected", correction } = processing;
    if (ending === "lose") {
      ledger.lose(submission);
      const { key, id } = submission;
      history.append({ source: "partner", kind: "submission.lost", key, submission: id, ...faults });
      return;
    }
    if (ending === "reject") decide(submission, { state: "rejected", outcome: "rejected", reason }, faults);
    else decide(submission, { state: "settled", outcome: honestOutcome }, faults);
    if (!correction) return;
    underWay += 1;
    const { afterMs, outcome } = correction;
    timetable.add(clock.now() + afterMs, { corrects: work, outcome });
  }

  function correct({ corrects: { submission, armed, by }, outcome }: Correcting): void {
    underWay -= 1;
    const corrected = by.filter((use) => firing(use) === "correction");
    for (const use of corrected) armed?.fired(use);
    decide(submission, { state: "settled", outcome }, faultsOf(corrected));
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
      const due = timetable.find((one) => one === submission || isWorkOn(one, submission));
      if (due === submission && !withdrawn.has(submission)) {
        withdrawn.add(submission);
        underWay -= 1;
      }
      const work = due && "processing" in due ? due : resting.get(submission.id);
      resting.delete(submission.id);
      if (work) rest(work);
    },
    isQuiet: () => underWay === 0,
    close() {
      timetable.clear();
      resting.clear();
      withdrawn.clear();
      underWay = 0;
    },
  };
}

function isWorkOn(due: Due, submission: Submission): boolean {
  return "processing" in due && due.isUnderWay && due.submission === submission;
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
