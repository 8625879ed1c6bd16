// A decision, however it came about: in the ledger, in the history, and told to whoever reports it.
import type { HistoryLog } from "../../history/history.ts";
import { type Clock, isoTime } from "../../lib/clock.ts";
import type { Decision, LedgerBook, Submission } from "../ledger.ts";

export interface DecideOptions {
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
  /** Called when a submission was settled or rejected. */
  onDecided: (submission: Submission) => void;
}

/** Who had a hand in it: faults (by index), or a person. */
export type DecidedBy = { faults?: number[] } | { byHand: true };

export type Decide = (submission: Submission, decision: Decision, by: DecidedBy) => void;

export function createDecide({ clock, history, ledger, onDecided }: DecideOptions): Decide {
  return (submission, decision, by) => {
    ledger.decide(submission, decision, isoTime(clock));
    history.append({
      source: "partner",
      kind: "submission.processed",
      key: submission.key,
      submission: submission.id,
      ...decision,
      ...by,
    });
    onDecided(submission);
  };
}
