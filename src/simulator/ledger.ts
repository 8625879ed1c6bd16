// The ledger: every submission that the partner accepted. It is the ground truth of a run.
import type { SubmissionState } from "../history/event.ts";

/** Plain and flat, because expressions read it (`submission.outcome`) and there may be a hundred thousand of them. */
export interface Submission {
  readonly id: string;
  readonly key: string;
  /** 1-based position of its transaction. */
  readonly ordinal: number;
  state: SubmissionState;
  /** The contract's stage that it has reached; null before the first, and without stages. */
  stage: string | null;
  /** Null until it is decided. */
  outcome: string | null;
  /** Why it was rejected. */
  reason: string | null;
  /** ISO 8601. */
  readonly acceptedAt: string;
  decidedAt: string | null;
  readonly body: unknown;
  /** Kept only where the contract's `callback.to` asks for it. */
  readonly request?: SubmissionRequest;
}

/** What of a request, besides its body, may say where its result is to go. */
export interface SubmissionRequest {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, string>>;
}

/** Read access, for whoever compares the system with the truth. */
export interface Ledger {
  byId(id: string): Readonly<Submission> | undefined;
  /** In order of acceptance; more than one when the system submitted a transaction twice. */
  byKey(key: string): readonly Readonly<Submission>[];
  /** In order of acceptance. */
  all(): Iterable<Readonly<Submission>>;
  readonly size: number;
}

/** How a submission ends. */
export type Decision =
  | { state: "settled"; outcome: string }
  | { state: "rejected"; outcome: string; reason: string };

/** What the ledger keeps of one transaction, with whoever counts its requests: one index of keys less. */
export interface Shelf {
  /** One submission stands for itself; a list is made for the second. */
  submissions: Submission | Submission[] | undefined;
}

export interface LedgerBook extends Ledger {
  byId(id: string): Submission | undefined;
  accept(submission: Submission, shelf: Shelf): void;
  decide(submission: Submission, decision: Decision, decidedAt: string): void;
  lose(submission: Submission): void;
}

export interface LedgerOptions {
  /** What a decided submission has reached; null for a contract without stages. */
  lastStage: string | null;
  /** Undefined for a transaction that nobody has heard of. */
  shelfOf: (key: string) => Shelf | undefined;
  /** The shelf on which a submission of this id would lie. */
  shelfOfId: (id: string) => Shelf | undefined;
}

export function createLedger({ lastStage, shelfOf, shelfOfId }: LedgerOptions): LedgerBook {
  const all: Submission[] = [];
  return {
    byId: (id) => listOf(shelfOfId(id)).find((submission) => submission.id === id),
    byKey: (key) => listOf(shelfOf(key)),
    all: () => all,
    get size() {
      return all.length;
    },
    accept(submission, shelf) {
      all.push(submission);
      const before = shelf.submissions;
      if (before === undefined) shelf.submissions = submission;
      else if (Array.isArray(before)) before.push(submission);
      else shelf.submissions = [before, submission];
    },
    decide(submission, decision, decidedAt) {
      submission.state = decision.state;
      submission.stage = lastStage;
      submission.outcome = decision.outcome;
      submission.reason = decision.state === "rejected" ? decision.reason : null;
      submission.decidedAt = decidedAt;
    },
    lose(submission) {
      submission.state = "lost";
      submission.outcome = null;
    },
  };
}

function listOf(shelf: Shelf | undefined): readonly Submission[] {
  const found = shelf?.submissions;
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}
