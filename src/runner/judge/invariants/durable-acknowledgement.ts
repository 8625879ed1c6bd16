// A valid delivery that was answered 2xx is reflected in the end, without a further delivery, even across a restart.
import type { EventOf } from "../../../history/event.ts";
import { absences } from "../absences.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { firstReached } from "../spans.ts";
import { isKnown, type Reading } from "../transaction.ts";
import { correctionOf, decision, isHonest, isInterim } from "../truth.ts";
import { at, loggedOnly, quote, shown } from "../wording.ts";
import { type Invariant, UNSEEN_STATES } from "./invariant.ts";

export const durableAcknowledgement: Invariant = {
  summary:
    "a valid delivery answered 2xx is reflected in the end, without a further delivery, even across a restart",
  brokenBy: "acknowledging before persisting, an in-memory queue",
  check,
};

/** An acknowledgement this shortly before the end, or before the next delivery, may still be worked on. */
const GRACE_MS = 1_000;

function check(facts: Facts): CheckOutcome {
  if (facts.header.system.states === undefined) return UNSEEN_STATES;
  const acknowledged = facts.all.flatMap((transaction) => {
    if (transaction.isCutOff) return [];
    const promise = firstAcknowledged(transaction);
    return promise ? [{ transaction, promise }] : [];
  });
  return {
    kind: "judged",
    exercised: acknowledged.length,
    stories: acknowledged.flatMap(({ transaction, promise }) => judgeOne(facts, transaction, promise)),
  };
}

interface Acknowledged {
  sent: EventOf<"callback.sent">;
  answer: EventOf<"callback.acked">;
}

function firstAcknowledged({ callbacks }: Case): Acknowledged | undefined {
  for (const callback of callbacks) {
    const { sent, answer } = callback;
    if (
      answer?.kind === "callback.acked" &&
      isHonest(callback) &&
      !isInterim(callback) &&
      sent.claims !== null
    )
      return { sent, answer };
  }
  return undefined;
}

function judgeOne(facts: Facts, transaction: Case, { sent, answer }: Acknowledged): Story[] {
  const { key, ending, states } = transaction;
  const said = `the result ${quote(sent.claims ?? "")} was acknowledged with ${answer.status} ${at(answer.t)}`;
  const log = loggedOnly(transaction, sent.t);
  const events = [sent.seq, answer.seq, states.at(-1)?.seq];
  switch (ending.kind) {
    case "right":
      return onlyByAnother(facts, transaction, { sent, answer });
    // Settled as something else: agrees-with-partner and no-regression tell that story.
    case "wrong":
      return [];
    case "unseen":
      return [{ status: "inconclusive", key, text: `${said}; ${shown(transaction, facts.endT)}`, events }];
    case "unreadable":
    case "attention":
    case "pending": {
      // What the partner took back may wait for people, who undo what followed from it.
      if (ending.kind === "attention" && correctionOf(transaction)) return [];
      const isOpen =
        facts.endT - answer.t < GRACE_MS ||
        (ending.kind === "unreadable" && ending.lastKnown?.means?.kind === "settled");
      const text = `${said}, but ${shown(transaction, facts.endT)}${log.text}`;
      return [{ status: isOpen ? "inconclusive" : "failed", key, text, events: [...events, ...log.events] }];
    }
  }
}

/**
 * It got there, but only when the same result was delivered again, long after the first had been acknowledged.
 * Whoever asked the partner meanwhile, or was helped by a person, needed no further delivery.
 */
function onlyByAnother(facts: Facts, transaction: Case, { sent, answer }: Acknowledged): Story[] {
  const { key, callbacks, states } = transaction;
  const isClaimed = ({ means }: Reading) => means?.kind === "settled" && means.outcome === sent.claims;
  const reached = firstReached(states, isClaimed, isKnown);
  const again = callbacks.find(
    (callback) => callback.sent.t > answer.t && callback.sent.claims === sent.claims && isHonest(callback),
  )?.sent;
  if (!reached || !again || again.t >= reached.by) return [];
  if (hadOtherMeans(transaction, sent, reached.by)) return [];
  // Until then it was certainly not settled, though it had had its time, counted from when it was last away.
  const unsettledUntil = Math.min(reached.after, again.t);
  if (unsettledUntil - workingSince(facts, answer.t, again.t) <= GRACE_MS) return [];
  const isCertain = reached.after >= again.t;
  const when = isCertain ? "only after" : "either shortly before or only after";
  const text = `the result ${quote(sent.claims ?? "")} was acknowledged with ${answer.status} ${at(answer.t)}, but settled ${when} it was delivered again ${at(again.t)}`;
  const status = isCertain ? "failed" : "inconclusive";
  return [{ status, key, text, events: [sent.seq, answer.seq, again.seq, reached.seq], timing: true }];
}

function hadOtherMeans({ polls, replays }: Case, { claims, t }: Acknowledged["sent"], by: number): boolean {
  const asked = polls.some(({ replied }) => replied && replied.t <= by && decision(replied) === claims);
  return asked || replays.some((replay) => replay.t >= t && replay.t <= by);
}

/** The acknowledgement, or when the process came back last before `before`. */
function workingSince(facts: Facts, ackT: number, before: number): number {
  const returns = absences(facts).flatMap(({ from, to }) => (from < before ? [Math.min(to, before)] : []));
  return Math.max(ackT, ...returns);
}
