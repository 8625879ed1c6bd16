// Acceptance: from a good request to a submission in the ledger.
import type { HistoryLog } from "../../history/history.ts";
import { chooseInteger, chooseTag } from "../../lib/choice.ts";
import type { Clock } from "../../lib/clock.ts";
import type { LedgerBook, Submission, SubmissionRequest } from "../ledger.ts";
import { createIsoTimes } from "./iso-times.ts";
import type { Tally } from "./tallies.ts";

export interface AcceptanceOptions {
  seed: string;
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
  /** `submit.ids` of the contract. */
  ids: string | undefined;
}

export function createAcceptance({ seed, clock, history, ledger, ids }: AcceptanceOptions) {
  const isoTime = createIsoTimes(clock);
  return function accept(tally: Tally, body: unknown, request?: SubmissionRequest): Submission {
    const { key, ordinal } = tally;
    const made: Submission = {
      id: submissionId(ids, seed, ordinal, countOf(tally)),
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

/** The same seed gives the same ids, whenever a submission comes. `nth`: how many the transaction has already. */
function submissionId(ids: string | undefined, seed: string, ordinal: number, nth: number): string {
  switch (ids) {
    case "uuid":
      return uuid(seed, ordinal, nth);
    case "number":
      return String(ordinal * 1_000 + nth);
    default:
      // Joined, which makes a flat text: a template leaves a tree of parts behind for as long as the id is kept.
      return [
        ids ?? "sub_",
        chooseTag(6, seed, "submission", ordinal, nth),
        ordinal.toString(36).padStart(4, "0"),
      ].join("");
  }
}

/** Version 4, variant 1 (RFC 9562). */
function uuid(seed: string, ordinal: number, nth: number): string {
  const hex = [0, 1, 2, 3]
    .map((part) => chooseInteger(seed, "submission", ordinal, nth, part).toString(16).padStart(8, "0"))
    .join("");
  const [, a, b, c, d] = /^(.{8})(.{4}).(.{3}).(.{15})/.exec(hex) ?? [];
  return `${a}-${b}-4${c}-8${d?.slice(0, 3)}-${d?.slice(3)}`;
}
