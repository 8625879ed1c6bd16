// What an operator of the partner does to one submission: settle it, leave it stuck, lose it.
import type { HistoryLog } from "../../history/history.ts";
import { type Clock, isoTime } from "../../lib/clock.ts";
import type { Decision, LedgerBook, Submission } from "../ledger.ts";
import type { Workshop } from "./workshop.ts";

export interface ByHand {
  /** False: it was decided or lost before, and stays as it is. */
  settle(submission: Submission, decision: Decision): boolean;
  stick(submission: Submission): boolean;
  lose(submission: Submission): boolean;
}

export interface ByHandOptions {
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
  workshop: Pick<Workshop, "withdraw">;
  onDecided: (submission: Submission) => void;
}

export function createByHand({ clock, history, ledger, workshop, onDecided }: ByHandOptions): ByHand {
  function take(submission: Submission, act: () => void): boolean {
    if (!isOpen(submission)) return false;
    workshop.withdraw(submission);
    act();
    return true;
  }

  return {
    settle: (submission, decision) =>
      take(submission, () => {
        ledger.decide(submission, decision, isoTime(clock));
        history.append({
          source: "partner",
          kind: "submission.processed",
          key: submission.key,
          submission: submission.id,
          ...decision,
          byHand: true,
        });
        onDecided(submission);
      }),
    stick: (submission) =>
      take(submission, () => {
        submission.state = "processing";
        const { key, id } = submission;
        history.append({ source: "partner", kind: "submission.stuck", key, submission: id });
      }),
    lose: (submission) =>
      take(submission, () => {
        ledger.lose(submission);
        const { key, id } = submission;
        history.append({ source: "partner", kind: "submission.lost", key, submission: id, byHand: true });
      }),
  };
}

function isOpen({ state }: Submission): boolean {
  return state === "accepted" || state === "processing";
}
