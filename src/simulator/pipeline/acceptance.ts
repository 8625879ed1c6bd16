// Acceptance: from a good request to a submission in the ledger.
import type { HistoryLog } from "../../history/history.ts";
import { chooseTag } from "../../lib/choice.ts";
import type { Clock } from "../../lib/clock.ts";
import type { LedgerBook, Submission } from "../ledger.ts";
import { createIsoTimes } from "./iso-times.ts";
import type { Tally } from "./tallies.ts";

export interface AcceptanceOptions {
  seed: string;
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
}

export function createAcceptance({ seed, clock, history, ledger }: AcceptanceOptions) {
  const isoTime = createIsoTimes(clock);
  return function accept({ key, ordinal }: Tally, body: unknown): Submission {
    const submission: Submission = {
      id: submissionId(seed, ordinal, ledger.byKey(key).length),
      key,
      ordinal,
      state: "accepted",
      stage: null,
      outcome: null,
      reason: null,
      acceptedAt: isoTime(),
      decidedAt: null,
      body,
      acceptedMs: clock.now(),
    };
    ledger.accept(submission);
    history.append({
      source: "partner",
      kind: "submission.accepted",
      key,
      submission: submission.id,
      ordinal,
    });
    return submission;
  };
}

/** The same seed gives the same ids, whenever a submission comes. `nth`: how many the transaction has already. */
function submissionId(seed: string, ordinal: number, nth: number): string {
  return `sub_${chooseTag(6, seed, "submission", ordinal, nth)}${ordinal.toString(36).padStart(4, "0")}`;
}
