// Where accepted submissions are worked on: how long it takes and how it ends is drawn by key, faults may change both.
import type { HistoryLog } from "../../history/history.ts";
import { choose, pickWeighted } from "../../lib/choice.ts";
import { type Clock, isoTime } from "../../lib/clock.ts";
import { sampleDelay } from "../../lib/delay.ts";
import type { Contract } from "../contract/contract.ts";
import type { LedgerBook, Submission } from "../ledger.ts";
import type { Processing } from "../pipeline-values.ts";
import type { ActiveFault, Plan } from "../plan/plan.ts";
import { faultsOf, shapeProcessing } from "./shaping.ts";
import type { Tally } from "./tallies.ts";

export interface WorkshopOptions {
  contract: Pick<Contract, "process">;
  seed: string;
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
  plan: () => Plan | undefined;
  /** Called when a submission was settled or rejected. */
  onDecided: (submission: Submission) => void;
}

export interface Workshop {
  /** Begins to process what was just accepted. */
  begin(submission: Submission, tally: Tally): void;
  /** The same was submitted again: what waits for that is processed now. */
  resubmitted(submission: Submission, tally: Tally): void;
  /** Takes it out of the works: what becomes of it is decided by hand. */
  withdraw(submission: Submission): void;
  /** True when nothing is on its way to a decision; what is stuck for good is not on its way. */
  isQuiet(): boolean;
  close(): void;
}

interface Work {
  processing: Processing;
  by: readonly ActiveFault[];
  timer: NodeJS.Timeout | undefined;
}

/** Above this a timer of Node's fires at once. */
const LONGEST_TIMER_MS = 0x7fffffff;

export function createWorkshop(options: WorkshopOptions): Workshop {
  const { contract, seed, clock, history, ledger, plan, onDecided } = options;
  const works = new Map<string, Work>();
  let underWay = 0;

  function start(submission: Submission, tally: Tally): void {
    tally.accepted += 1;
    submission.state = "processing";
    const honest = honestProcessing(contract.process, seed, submission.ordinal);
    const armed = plan();
    const active = armed?.at("processing", submission, tally.accepted) ?? [];
    const { value: processing, by } = shapeProcessing(honest, active);
    const work: Work = { processing, by, timer: undefined };
    works.set(submission.id, work);
    for (const use of by) if (!firesAtDecision(use)) armed?.fired(use);
    if (!Number.isFinite(processing.takesMs)) return;
    underWay += 1;
    const delayMs = Math.min(processing.takesMs, LONGEST_TIMER_MS);
    work.timer = setTimeout(finish, delayMs, submission, work, armed);
  }

  function finish(submission: Submission, { processing, by }: Work, armed: Plan | undefined): void {
    underWay -= 1;
    works.delete(submission.id);
    for (const use of by) if (firesAtDecision(use)) armed?.fired(use);
    const { key, id } = submission;
    const faults = faultsOf(by);
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
  }

  return {
    begin: start,
    resubmitted(submission, tally) {
      const work = works.get(submission.id);
      if (!work?.processing.clearsOnResubmit || work.timer) return;
      start(submission, tally);
    },
    withdraw({ id }) {
      const timer = works.get(id)?.timer;
      works.delete(id);
      if (timer === undefined) return;
      clearTimeout(timer);
      underWay -= 1;
    },
    isQuiet: () => underWay === 0,
    close() {
      for (const { timer } of works.values()) clearTimeout(timer);
      works.clear();
      underWay = 0;
    },
  };
}

/** What the contract promises for the transaction with this ordinal: same seed, same time and outcome. */
export function honestProcessing(
  { takes, outcomes }: Contract["process"],
  seed: string,
  ordinal: number,
): Processing {
  return {
    takesMs: Math.round(sampleDelay(takes, choose(seed, "takes", ordinal))),
    ending: "decide",
    outcome: pickWeighted(outcomes, choose(seed, "outcome", ordinal)),
  };
}

/** A promise that is broken by the decision itself (a rejection) fires then; all others by how the work is begun. */
function firesAtDecision({ fault }: ActiveFault): boolean {
  return fault.onset === "attempt";
}
