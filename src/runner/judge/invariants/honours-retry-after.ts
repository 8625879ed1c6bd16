// No attempt before the Retry-After of the last reply has passed (RFC 9110 §10.2.3), per transaction.
import { formatDuration } from "../../../lib/duration.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { at } from "../wording.ts";
import type { Invariant } from "./invariant.ts";

export const honoursRetryAfter: Invariant = {
  summary: "no attempt is made before Retry-After has passed",
  brokenBy: "an ignored header",
  check,
};

/** Clocks and timers may differ by this much. */
const TOLERANCE_MS = 50;

function check({ all }: Facts): CheckOutcome {
  const told = all.flatMap((transaction) =>
    transaction.submits.flatMap(({ end }) =>
      end?.kind === "submit.replied" && end.retryAfterMs !== undefined
        ? [{ transaction, reply: { ...end, retryAfterMs: end.retryAfterMs } }]
        : [],
    ),
  );
  return {
    kind: "judged",
    exercised: told.length,
    stories: told.flatMap(({ transaction, reply }) => judgeOne(transaction, reply)),
  };
}

function judgeOne(
  { key, submits, replays }: Case,
  reply: { t: number; seq: number; status: number; retryAfterMs: number },
): Story[] {
  const next = submits.find(({ received }) => received.t > reply.t)?.received;
  const due = reply.t + reply.retryAfterMs;
  if (!next || next.t >= due - TOLERANCE_MS) return [];
  if (replays.some(({ t }) => t >= reply.t && t <= next.t)) return [];
  const text = `answered with ${reply.status} and Retry-After ${formatDuration(reply.retryAfterMs)} ${at(reply.t)}, but tried again ${at(next.t)}, ${formatDuration(due - next.t)} too early`;
  return [{ status: "failed", key, text, events: [reply.seq, next.seq], timing: true }];
}
