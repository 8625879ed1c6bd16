// Attempts per transaction and window stay within bounds, and the waits between failing attempts do not shrink. Questions
// that get no answer count like attempts, by themselves.
import type { EventKind, HistoryEvent } from "../../../history/event.ts";
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
  const bound = facts.header.scenario.bounds.attemptsPerSecond;
  const repeated = facts.all.filter(
    (transaction) => transaction.submits.length > 1 || failedQuestions(transaction).length > 1,
  );
  // Attempts at a partner that does not listen are never seen, so the gaps between the others say nothing.
  const hasUnseenAttempts = facts.header.faults.some(({ onset }) => onset === "start");
  return {
    kind: "judged",
    exercised: repeated.length,
    stories: repeated.flatMap((transaction) => [
      ...tooMany(transaction, submissions(transaction), "attempts", bound),
      ...tooMany(transaction, failedQuestions(transaction), "status requests without an answer", bound),
      ...(hasUnseenAttempts ? [] : shrinking(transaction, facts)),
    ]),
  };
}

type Moment = Pick<HistoryEvent, "t" | "seq">;

function submissions({ submits }: Case): Moment[] {
  return submits.map(({ received }) => received);
}

/** Whoever asks often for what is still in process is eager; whoever does so while nobody can answer does harm. */
function failedQuestions({ polls }: Case): Moment[] {
  return polls.filter(({ replied }) => !replied || replied.status >= 400).map(({ asked }) => asked);
}

function tooMany({ key }: Case, requests: readonly Moment[], what: string, bound: number): Story[] {
  let worst: readonly Moment[] = [];
  let from = 0;
  for (const [to, { t }] of requests.entries()) {
    while (t - (requests[from]?.t ?? 0) >= WINDOW_MS) from++;
    if (to - from + 1 > worst.length) worst = requests.slice(from, to + 1);
  }
  if (worst.length <= bound) return [];
  const text = `${worst.length} ${what} within 1 s from ${formatDuration(worst[0]?.t ?? 0)} on; at most ${bound} are allowed`;
  return [{ status: "failed", key, text, events: worst.map(({ seq }) => seq), timing: true }];
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
