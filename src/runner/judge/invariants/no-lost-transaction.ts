// Every transaction that was taken ends settled, or surfaced to people with an alert that names it.
import { isOpenAt } from "../alerts.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { at, ledgerSays, loggedOnly, shown } from "../wording.ts";
import { type Invariant, UNSEEN_STATES } from "./invariant.ts";

export const noLostTransaction: Invariant = {
  summary:
    "every transaction whose start succeeded ends settled, or surfaced to people with an alert that names it",
  brokenBy: "never processed, missing callback, lost reply, long outage",
  check,
};

/** A state that could not be read for less than this may have changed in the meantime. */
const SHORT_MS = 1_000;

function check(facts: Facts): CheckOutcome {
  if (facts.header.system.states === undefined) return UNSEEN_STATES;
  const taken = facts.all.filter(wasTaken);
  const nameless = facts.header.system.channels.length === 0 && taken.some(wasLastSeenWithPeople);
  return {
    kind: "judged",
    exercised: taken.length,
    stories: taken.flatMap((transaction) => judgeOne(facts, transaction)),
    ...(nameless
      ? { untold: "whether people were told cannot be told: no alert channel is configured" }
      : {}),
  };
}

function wasLastSeenWithPeople({ ending }: Case): boolean {
  if (ending.kind === "unreadable") return ending.lastKnown?.means?.kind === "attention";
  return ending.kind === "attention";
}

/** The system said so, or nobody knows but the partner has it. */
function wasTaken({ answered, accepted, isCutOff }: Case): boolean {
  if (isCutOff) return false;
  if (answered?.kind === "start.ok") return true;
  return answered?.kind !== "start.failed" && accepted.length > 0;
}

function judgeOne(facts: Facts, transaction: Case): Story[] {
  const { key, ending, invoked } = transaction;
  switch (ending.kind) {
    case "right":
    case "wrong":
      return [];
    case "attention":
    case "pending":
      return judgeOpen(facts, transaction, ending.kind);
    case "unreadable":
      return judgeUnreadable(facts, transaction, ending);
    case "unseen":
      return [
        {
          status: "inconclusive",
          key,
          text: `taken ${at(invoked.t)}; its state was never read`,
          events: [transaction.answered?.seq, transaction.accepted[0]?.seq],
        },
      ];
  }
}

/** Not settled: people have to know, by name, unless the result is not even due. */
function judgeOpen(facts: Facts, transaction: Case, kind: "attention" | "pending"): Story[] {
  const { key, accepted, invoked, answered, states } = transaction;
  const log = loggedOnly(transaction, invoked.t);
  const known = `${ledgerSays(transaction, facts.header)}; ${shown(transaction, facts.endT)}`;
  const events = [answered?.seq, accepted[0]?.seq, states.at(-1)?.seq, ...log.events];
  if (kind === "attention") {
    if (facts.header.system.channels.length === 0 || alertFor(facts, transaction)) return [];
  } else {
    if (alertFor(facts, transaction, facts.endT)) return [];
    if (facts.endT < resultDue(facts, transaction)) {
      return [{ status: "inconclusive", key, text: `${known}, when the run ended`, events }];
    }
  }
  return [{ status: "failed", key, text: `${known}; no alert names it${log.text}`, events }];
}

/** A reading that failed proves nothing by itself: what was shown before it counts, while the silence is short at worst as a doubt. */
function judgeUnreadable(
  facts: Facts,
  transaction: Case,
  { reading, lastKnown, since }: Extract<Case["ending"], { kind: "unreadable" }>,
): Story[] {
  const { key, states } = transaction;
  const means = lastKnown?.means;
  if (means?.kind === "settled" || reading.state !== null) {
    const text = `${ledgerSays(transaction, facts.header)}; ${shown(transaction, facts.endT)}`;
    return [{ status: "inconclusive", key, text, events: [states.at(-1)?.seq] }];
  }
  const stories = judgeOpen(facts, transaction, means?.kind ?? "pending");
  const isShort = facts.endT - since.by < SHORT_MS;
  return isShort ? stories.map((story) => ({ ...story, status: "inconclusive" })) : stories;
}

/** An alert after its start that names it; with `openAt`, one that nobody closed before. */
function alertFor({ alerts }: Facts, { key, invoked }: Case, openAt?: number): boolean {
  return alerts.some(
    (alert) =>
      alert.named.has(key) && alert.fired.t >= invoked.t && (openAt === undefined || isOpenAt(alert, openAt)),
  );
}

function resultDue({ header }: Facts, { accepted, invoked }: Case): number {
  return (accepted[0]?.t ?? invoked.t) + header.partner.promisesMs;
}
