// Attempts per transaction and window stay within bounds, and the waits between failing attempts do not shrink.
import type { EventKind } from "../../../history/event.ts";
import { formatDuration } from "../../../lib/duration.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import type { SubmitAttempt } from "../transaction.ts";
import { at } from "../wording.ts";
import type { Invariant } from "./invariant.ts";

export const noRetryStorm: Invariant = {
  summary: "attempts per transaction and window stay within bounds; the gaps between them do not shrink",
  brokenBy: "tight loops, layered retries",
  check,
};

const WINDOW_MS = 1_000;
/** Whoever was away for a while counts its waits anew. */
const INTERRUPTIONS = new Set<EventKind>([
  "system.started",
  "system.exited",
  "system.paused",
  "system.resumed",
]);
/**
 * A wait that a busy machine stretched makes the next one look short. On two cores that are shared by several systems a
 * process may stand still this long; a loop that really tightens is caught by its rate.
 */
const GAP_SLACK_MS = 300;

function check(facts: Facts): CheckOutcome {
  const repeated = facts.all.filter(({ submits }) => submits.length > 1);
  // Attempts at a partner that does not listen are never seen, so the gaps between the others say nothing.
  const hasUnseenAttempts = facts.header.faults.some(({ onset }) => onset === "start");
  return {
    kind: "judged",
    exercised: repeated.length,
    stories: repeated.flatMap((transaction) => [
      ...tooMany(transaction, facts),
      ...(hasUnseenAttempts ? [] : shrinking(transaction, facts)),
    ]),
  };
}

function tooMany({ key, submits }: Case, { header }: Facts): Story[] {
  const bound = header.scenario.bounds.attemptsPerSecond;
  let worst: Case["submits"] = [];
  let from = 0;
  for (const [to, { received }] of submits.entries()) {
    while (received.t - (submits[from]?.received.t ?? 0) >= WINDOW_MS) from++;
    if (to - from + 1 > worst.length) worst = submits.slice(from, to + 1);
  }
  if (worst.length <= bound) return [];
  const text = `${worst.length} attempts within 1 s from ${formatDuration(worst[0]?.received.t ?? 0)} on; at most ${bound} are allowed`;
  return [{ status: "failed", key, text, events: worst.map(({ received }) => received.seq), timing: true }];
}

function shrinking({ key, submits, replays }: Case, facts: Facts): Story[] {
  const { gapShrink } = facts.header.scenario.bounds;
  const restarts = facts.events.filter(({ kind }) => INTERRUPTIONS.has(kind));
  for (const [index, third] of submits.entries()) {
    const [first, second] = [submits[index - 2], submits[index - 1]];
    if (!first || !second || !isComparable(first, second)) continue;
    const isBetween = ({ t }: { t: number }) => t > first.received.t && t <= third.received.t;
    if (replays.some(isBetween) || restarts.some(isBetween)) continue;
    const [before, now] = [wait(first, second), wait(second, third)];
    if (now >= before * (1 - gapShrink) - GAP_SLACK_MS) continue;
    const text = `waited ${formatDuration(before)} before attempt ${second.received.attempt} but only ${formatDuration(now)} before attempt ${
      third.received.attempt
    } ${at(third.received.t)}, though both attempts before had failed alike`;
    return [
      {
        status: "failed",
        key,
        text,
        events: [first, second, third].map(({ received }) => received.seq),
        timing: true,
      },
    ];
  }
  return [];
}

/** Both failed in the same way, and neither reply said when to come back. */
function isComparable(first: SubmitAttempt, second: SubmitAttempt): boolean {
  const kind = failure(first);
  return kind !== undefined && kind === failure(second);
}

/** `503`, `client`, `partner`; undefined: it did not fail, or Retry-After set the next gap. */
function failure({ end }: SubmitAttempt): string | undefined {
  if (!end) return undefined;
  if (end.kind === "submit.aborted") return end.by;
  return end.status >= 400 && end.retryAfterMs === undefined ? String(end.status) : undefined;
}

/** From the moment at which the failure was known to the next attempt. */
function wait({ received, end }: SubmitAttempt, next: SubmitAttempt): number {
  return Math.max(0, next.received.t - (end?.t ?? received.t));
}
