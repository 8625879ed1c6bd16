// `recovers`: every transaction of the scenario reaches the ledger's truth with the expected effects, in time, for good.
import type { Expectations } from "../../../history/header.ts";
import { formatDuration } from "../../../lib/duration.ts";
import { surfacedOrRight } from "../ending.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { against, type Interval } from "../spans.ts";
import { at, ledgerSays, loggedOnly, plural, shown, startTrouble } from "../wording.ts";

type Demand = NonNullable<Expectations["recovers"]>;

export function recovers(facts: Facts, demand: Demand): CheckOutcome {
  if (facts.header.system.states === undefined) {
    return {
      kind: "cannot-tell",
      reason: "`workflow.inspect` is missing, so nobody can see what became of a transaction",
    };
  }
  const transactions = facts.scope;
  const replayed = transactions.filter(({ replays }) => replays.length > 0).length;
  const noun = facts.header.system.noun;
  return {
    kind: "judged",
    exercised: facts.affected.length > 0 || facts.header.faults.length === 0 ? transactions.length : 0,
    stories: transactions.flatMap((transaction) => judgeOne(facts, transaction, demand)),
    ...(replayed > 0 ? { reason: `an operator replayed ${plural(replayed, noun)}` } : {}),
  };
}

/** When recovery is counted from: heal, or the onset where every fault on it is over by itself. Undefined: never healed. */
export function recoveryBase(facts: Facts, { fired, onsets, invoked }: Case): number | undefined {
  const { faults } = facts.header;
  const healT = facts.healT ?? (faults.length === 0 ? 0 : undefined);
  const onset = onsets.at(-1)?.t;
  const overByItself =
    fired.length > 0 && fired.every(({ fault }) => faults.find(({ index }) => index === fault)?.selfHealing);
  if (onset !== undefined && overByItself) return onset;
  return healT === undefined ? undefined : Math.max(healT, onset ?? invoked.t);
}

function judgeOne(facts: Facts, transaction: Case, demand: Demand): Story[] {
  const { key, ending } = transaction;
  const base = recoveryBase(facts, transaction);
  if (base === undefined) {
    const text = `the faults were never healed before the run ended ${at(facts.endT)}`;
    return [{ status: "inconclusive", key, text, events: [] }];
  }
  const deadline = base + demand.withinMs;
  const reached = acceptedSince(transaction, demand);
  if (!reached) return notReached(facts, transaction, deadline);
  if (ending.kind === "unreadable") {
    const text = `was right, but ${shown(transaction, facts.endT)}`;
    return [{ status: "inconclusive", key, text, events: [ending.since.seq] }];
  }
  switch (against(reached, deadline)) {
    case "in-time":
      return [];
    case "straddles": {
      const text = `${promise(facts, transaction, deadline)}; it got there between ${formatDuration(reached.after)} and ${formatDuration(reached.by)}: too close to tell`;
      return [{ status: "inconclusive", key, text, events: [reached.seq], timing: true }];
    }
    case "late": {
      const text = `${promise(facts, transaction, deadline)}; ${shown(transaction, facts.endT)}`;
      return [{ status: "failed", key, text, events: [reached.seq], timing: true }];
    }
  }
}

/** When it got where it may stay: right, or surfaced to people where the scenario accepts that. */
export function acceptedSince(transaction: Case, { to }: Pick<Demand, "to">): Interval | undefined {
  const { ending, truth } = transaction;
  if (to === "attention" && (ending.kind === "attention" || ending.kind === "right")) {
    // Wrong effects on the way to a right ending count until they are right.
    return ending.kind === "right"
      ? earlier(surfacedOrRight(transaction, truth), ending.since)
      : surfacedOrRight(transaction, truth);
  }
  if (ending.kind === "right") return ending.since;
  if (ending.kind !== "unreadable") return undefined;
  const means = ending.lastKnown?.means;
  const isAccepted =
    means?.kind === "settled"
      ? means.outcome === truth?.outcome
      : means?.kind === "attention" && to === "attention";
  return isAccepted ? surfacedOrRight(transaction, truth) : undefined;
}

function earlier(a: Interval | undefined, b: Interval): Interval {
  return a && a.by < b.by ? a : b;
}

function notReached(facts: Facts, transaction: Case, deadline: number): Story[] {
  const { key, ending, states, firstRight, truth } = transaction;
  const trouble = startTrouble(transaction);
  const log = loggedOnly(transaction, transaction.onsets[0]?.t ?? transaction.invoked.t);
  const events = [trouble?.seq, transaction.accepted[0]?.seq, truth?.seq, states.at(-1)?.seq, ...log.events];
  if (trouble && (ending.kind === "unseen" || transaction.accepted.length === 0)) {
    const text = `${trouble.text} and nothing brought it back${log.text}`;
    return [{ status: "failed", key, text, events }];
  }
  if (ending.kind === "unseen") {
    return [
      {
        status: "inconclusive",
        key,
        text: `${ledgerSays(transaction, facts.header)}; its state was never read`,
        events,
      },
    ];
  }
  if (ending.kind === "wrong" && ending.isUnsure) {
    const text = `${promise(facts, transaction, deadline)}; ${shown(transaction, facts.endT)}, and its effects could not be read at last`;
    return [{ status: "inconclusive", key, text, events }];
  }
  if (ending.kind === "unreadable" && ending.reading.state !== null) {
    return [{ status: "inconclusive", key, text: shown(transaction, facts.endT), events }];
  }
  if (firstRight) {
    const text = `${ledgerSays(transaction, facts.header)}; it was right ${at(firstRight.by)} but did not stay: ${shown(transaction, facts.endT)}${log.text}`;
    return [{ status: "failed", key, text, events: [firstRight.seq, ...events] }];
  }
  const text = `${promise(facts, transaction, deadline)}; ${shown(transaction, facts.endT)}${log.text}`;
  // What has settled wrongly will not come right by waiting.
  const mayStillCome = facts.endT < deadline && ending.kind !== "wrong";
  if (mayStillCome) return [{ status: "inconclusive", key, text: `${text}, when the run ended`, events }];
  return [{ status: "failed", key, text, events }];
}

function promise(facts: Facts, transaction: Case, deadline: number): string {
  return `${ledgerSays(transaction, facts.header)}; was to be right by ${formatDuration(deadline)}`;
}
