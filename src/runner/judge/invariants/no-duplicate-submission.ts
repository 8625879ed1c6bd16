// The ledger accepted at most one submission per transaction.

import { formatDuration } from "../../../lib/duration.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import type { Invariant } from "./invariant.ts";

export const noDuplicateSubmission: Invariant = {
  summary: "the ledger accepted at most one submission per transaction",
  brokenBy: "reply lost after accept, timeouts",
  check,
};

function check({ all, header }: Facts): CheckOutcome {
  const submitted = all.filter(({ accepted }) => accepted.length > 0);
  return {
    kind: "judged",
    exercised: submitted.length,
    stories: submitted.flatMap((transaction) => judgeOne(transaction, header.partner.name)),
  };
}

function judgeOne(transaction: Case, partner: string): Story[] {
  const standing = standingSubmissions(transaction);
  if (standing.length < 2) return [];
  const times = standing.map(({ t }) => formatDuration(t)).join(", ");
  const text = `${partner} accepted ${standing.length} submissions for it (${times}); 1 was to be`;
  return [{ status: "failed", key: transaction.key, text, events: standing.map(({ seq }) => seq) }];
}

/**
 * One that the partner had lost before the next came does not count: sending it again was the remedy. Nor does one
 * before an operator's replay: a person asked for the next.
 */
function standingSubmissions({ accepted, lost, replays }: Case): Case["accepted"] {
  return accepted.filter(({ submission, t }, index) => {
    const next = accepted[index + 1];
    if (!next) return true;
    const wasLost = lost.some((loss) => loss.submission === submission && loss.t <= next.t);
    return !wasLost && !replays.some((replay) => replay.t >= t && replay.t <= next.t);
  });
}
