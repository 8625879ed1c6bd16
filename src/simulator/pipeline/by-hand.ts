// What an operator of the partner does to one submission: settle it, leave it stuck, lose it.
import type { HistoryLog } from "../../history/history.ts";
import type { Decision, LedgerBook, Submission } from "../ledger.ts";
import type { Decide } from "./decide.ts";
import type { Workshop } from "./workshop.ts";

export interface ByHand {
  /** False: it was decided or lost before, and stays as it is. */
  settle(submission: Submission, decision: Decision): boolean;
  stick(submission: Submission): boolean;
  lose(submission: Submission): boolean;
}

export interface ByHandOptions {
  history: HistoryLog;
  ledger: LedgerBook;
  workshop: Pick<Workshop, "withdraw">;
  decide: Decide;
}

export function createByHand({ history, ledger, workshop, decide }: ByHandOptions): ByHand {
  function take(submission: Submission, act: () => void): boolean {
    if (!isOpen(submission)) return false;
    workshop.withdraw(submission);
    act();
    return true;
  }

  return {
    settle: (submission, decision) => take(submission, () => decide(submission, decision, { byHand: true })),
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
