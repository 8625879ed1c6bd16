// After 400 or 422 the same body is not sent again.
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import type { SubmitAttempt } from "../transaction.ts";
import { at } from "../wording.ts";
import type { Invariant } from "./invariant.ts";

export const honoursRejection: Invariant = {
  summary: "after 400 or 422 the same body is not sent again",
  brokenBy: "retrying everything",
  check,
};

function check({ all }: Facts): CheckOutcome {
  const refused = all.flatMap((transaction) =>
    transaction.submits.filter(wasRefused).map((attempt) => ({ transaction, attempt })),
  );
  const stories = new Map<string, Story>();
  // One story a transaction: the first refusal that was not honoured.
  for (const { transaction, attempt } of refused) {
    const story = judgeOne(transaction, attempt);
    if (story && !stories.has(transaction.key)) stories.set(transaction.key, story);
  }
  return { kind: "judged", exercised: refused.length, stories: [...stories.values()] };
}

function wasRefused({ end }: SubmitAttempt): boolean {
  return end?.kind === "submit.replied" && (end.status === 400 || end.status === 422);
}

function judgeOne({ key, submits, replays }: Case, { received, end }: SubmitAttempt): Story | undefined {
  if (end?.kind !== "submit.replied") return undefined;
  const again = submits.filter(
    (later) =>
      later.received.t > end.t &&
      later.received.bodyHash === received.bodyHash &&
      // What an operator asks for never counts against the system.
      !replays.some(({ t }) => t >= end.t && t <= later.received.t),
  );
  const first = again[0];
  if (!first) return undefined;
  const text = `refused for good with ${end.status} ${at(end.t)}, but the same body was sent again ${again.length === 1 ? "" : `${again.length} times, first `}${at(first.received.t)}`;
  return { status: "failed", key, text, events: [end.seq, ...again.map((later) => later.received.seq)] };
}
