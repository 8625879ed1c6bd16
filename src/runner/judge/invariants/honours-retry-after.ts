// No attempt before the Retry-After of the last reply has passed (RFC 9110 §10.2.3), per transaction and kind of request.
import { formatDuration } from "../../../lib/duration.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { earliestOf, type Stall, stallsIn } from "../stalls.ts";
import { at } from "../wording.ts";
import type { Invariant } from "./invariant.ts";

export const honoursRetryAfter: Invariant = {
  summary: "no attempt is made before Retry-After has passed",
  brokenBy: "an ignored header",
  check,
};

/** Clocks and timers may differ by this much. */
const TOLERANCE_MS = 50;

interface Moment {
  t: number;
  seq: number;
}

/** A reply that asked to wait, and when the next request of the same kind came. */
interface Wait {
  transaction: Case;
  reply: Moment & { status: number; retryAfterMs: number };
  next: Moment | undefined;
  doing: "tried" | "asked";
}

function check(facts: Facts): CheckOutcome {
  const stalls = stallsIn(facts);
  const told = facts.all.flatMap((transaction) => [...submitWaits(transaction), ...pollWaits(transaction)]);
  return {
    kind: "judged",
    exercised: told.length,
    stories: told.flatMap((wait) => judgeOne(wait, stalls)),
  };
}

function submitWaits(transaction: Case): Wait[] {
  const { submits } = transaction;
  return submits.flatMap(({ end }) => {
    if (end?.kind !== "submit.replied" || end.retryAfterMs === undefined) return [];
    const next = submits.find(({ received }) => received.t > end.t)?.received;
    return [{ transaction, reply: { ...end, retryAfterMs: end.retryAfterMs }, next, doing: "tried" }];
  });
}

function pollWaits(transaction: Case): Wait[] {
  const { polls } = transaction;
  return polls.flatMap(({ replied }) => {
    if (replied?.retryAfterMs === undefined) return [];
    const next = polls.find(({ asked }) => asked.t > replied.t)?.asked;
    return [{ transaction, reply: { ...replied, retryAfterMs: replied.retryAfterMs }, next, doing: "asked" }];
  });
}

function judgeOne(
  { transaction: { key, replays }, reply, next, doing }: Wait,
  stalls: readonly Stall[],
): Story[] {
  const due = reply.t + reply.retryAfterMs;
  if (!next || replays.some(({ t }) => t >= reply.t && t <= next.t)) return [];
  const told = `answered with ${reply.status} and Retry-After ${formatDuration(reply.retryAfterMs)} ${at(reply.t)}`;
  const events = [reply.seq, next.seq];
  if (next.t < due - TOLERANCE_MS) {
    const text = `${told}, but ${doing} again ${at(next.t)}, ${formatDuration(due - next.t)} too early`;
    return [{ status: "failed", key, text, events, timing: true }];
  }
  const earliest = earliestOf(next.t, reply.t, stalls);
  if (earliest >= due - TOLERANCE_MS) return [];
  const text = `${told}; it ${doing} again between ${formatDuration(earliest)} and ${formatDuration(next.t)}: the harness itself stood still then, so nobody knows whether that was too early`;
  return [{ status: "inconclusive", key, text, events, timing: true }];
}
