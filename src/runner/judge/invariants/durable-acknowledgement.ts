// A valid delivery that was answered 2xx is reflected in the end, without a further delivery, even across a restart.
import type { EventOf } from "../../../history/event.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { correctionOf, isHonest, isInterim } from "../truth.ts";
import { at, loggedOnly, quote, shown } from "../wording.ts";
import { type Invariant, UNSEEN_STATES } from "./invariant.ts";

export const durableAcknowledgement: Invariant = {
  summary:
    "a valid delivery answered 2xx is reflected in the end, without a further delivery, even across a restart",
  brokenBy: "acknowledging before persisting, an in-memory queue",
  check,
};

/** An acknowledgement this shortly before the end may still be worked on. */
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
