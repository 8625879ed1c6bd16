// Acceptance: from a good request to a submission in the ledger.
import type { HistoryLog } from "../../history/history.ts";
import type { Clock } from "../../lib/clock.ts";
import type { LedgerBook, Submission, SubmissionRequest } from "../ledger.ts";
import { createIsoTimes } from "./iso-times.ts";
import type { SubmissionIds } from "./submission-ids.ts";
import type { Tally } from "./tallies.ts";

export interface AcceptanceOptions {
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
  ids: SubmissionIds;
}

export function createAcceptance({ clock, history, ledger, ids }: AcceptanceOptions) {
  const isoTime = createIsoTimes(clock);
  return function accept(tally: Tally, body: unknown, request?: SubmissionRequest): Submission {
    const { key, ordinal } = tally;
    const made: Submission = {
      id: ids.make(ordinal, countOf(tally)),
      key,
      ordinal,
      state: "accepted",
      stage: null,
      outcome: null,
      reason: null,
      acceptedAt: isoTime(),
      decidedAt: null,
      body,
    };
    const submission = request ? { ...made, request } : made;
    ledger.accept(submission, tally);
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

function countOf({ submissions }: Tally): number {
  if (submissions === undefined) return 0;
  return Array.isArray(submissions) ? submissions.length : 1;
}
