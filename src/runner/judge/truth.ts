// What the partner's ledger says about a transaction, and what the partner has told the system about it.
import type { EventOf } from "../../history/event.ts";
import type { Callback, Transaction } from "./transaction.ts";

/** The ledger's outcome: what the system has to arrive at. */
export interface Truth {
  outcome: string;
  t: number;
  seq: number;
}

/** The first submission that was decided counts; a later correction of the same submission replaces its outcome. */
export function truthOf({ processed }: Pick<Transaction, "processed">): Truth | undefined {
  const decided = processed.filter((event) => decision(event) !== null);
  const last = decided.findLast((event) => event.submission === decided[0]?.submission);
  const outcome = last && decision(last);
  return last && outcome ? { outcome, t: last.t, seq: last.seq } : undefined;
}

/** The event in which the partner took back what it had decided of the same submission; the last one counts. */
export function correctionOf({
  processed,
}: Pick<Transaction, "processed">): EventOf<"submission.processed"> | undefined {
  const decided = processed.filter((event) => decision(event) !== null);
  const first = decided[0];
  const last = decided.findLast((event) => event.submission === first?.submission);
  return first && last && decision(last) !== decision(first) ? last : undefined;
}

/** `approved`; `rejected` for a submission that was refused after acceptance without a word of its own; null: undecided. */
export function decision(event: {
  state?: EventOf<"submission.processed">["state"];
  outcome?: string | null;
}): string | null {
  if (event.outcome !== undefined && event.outcome !== null) return event.outcome;
  return event.state === "rejected" ? "rejected" : null;
}

/** Signed as the contract says. */
export function isAuthentic({ sent }: Callback): boolean {
  return sent.signature === "valid" || sent.signature === "none";
}

/** It reports a stage before the last: there is no result yet. */
export function isInterim({ sent }: Callback): boolean {
  return sent.interim === true;
}

/** A delivery that a system must act on: signed well, readable, and true. */
export function isHonest(callback: Callback): boolean {
  return (
    isAuthentic(callback) && (callback.sent.content === "genuine" || callback.sent.content === "harmless")
  );
}

/**
 * The event in which the partner told the system this outcome, at or before `by`; undefined: it never had.
 * A well-signed lie counts as told: a system that believes it has invented nothing (other checks judge the lie).
 */
export function toldOutcome(
  transaction: Transaction,
  outcome: string,
  by: number,
): { t: number; seq: number } | undefined {
  for (const callback of transaction.callbacks) {
    if (callback.sent.t <= by && callback.sent.claims === outcome && isAuthentic(callback))
      return callback.sent;
  }
  for (const { replied } of transaction.polls) {
    if (replied && replied.t <= by && decision(replied) === outcome) return replied;
  }
  return outcome === "rejected" ? refusal(transaction, by) : undefined;
}

/** Every outcome that the partner had told the system at or before `by`, in the same sense. */
export function toldOutcomes(transaction: Transaction, by: number): string[] {
  const reported = transaction.callbacks.flatMap((callback) =>
    callback.sent.t <= by && callback.sent.claims !== null && isAuthentic(callback)
      ? [callback.sent.claims]
      : [],
  );
  const asked = transaction.polls.flatMap(({ replied }) => {
    const outcome = replied && replied.t <= by ? decision(replied) : null;
    return outcome === null ? [] : [outcome];
  });
  return [...new Set([...reported, ...asked, ...(refusal(transaction, by) ? ["rejected"] : [])])];
}

// A submission that was refused for good may be called rejected.
function refusal({ submits }: Transaction, by: number): { t: number; seq: number } | undefined {
  for (const { end } of submits) {
    if (end?.kind === "submit.replied" && end.t <= by && (end.status === 400 || end.status === 422))
      return end;
  }
  return undefined;
}
