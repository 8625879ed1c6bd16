// An event about one transaction changes only that one; the spared ones settle as they did in the baseline.
import { formatDuration } from "../../../lib/duration.ts";
import { paidBy } from "../effects.ts";
import { isCertain } from "../ending.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { against } from "../spans.ts";
import { at, ledgerSays, plural, quote, shown, startTrouble } from "../wording.ts";
import { explain, misdirectedAbout, settledSpans } from "./explain.ts";
import { type Invariant, UNSEEN_STATES } from "./invariant.ts";

export const isolation: Invariant = {
  summary:
    "an event about one transaction changes only that one; the control group settles as in the baseline",
  brokenBy: "swapped ids, a poison payload among good ones, one slow transaction blocking all",
  check,
};

/** How much slower than in the baseline a spared transaction may be. */
const SLOWDOWN = { factor: 3, plusMs: 2_000 };

function check(facts: Facts): CheckOutcome {
  if (facts.header.system.states === undefined) return UNSEEN_STATES;
  const spared =
    facts.spares && facts.affected.length > 0
      ? facts.scope.filter(({ group, fired }) => group === "control" && fired.length === 0)
      : [];
  const settled =
    facts.all.length > 1 ? facts.all.filter((transaction) => settledSpans(transaction).length > 0) : [];
  const limitMs = slowest(facts);
  return {
    kind: "judged",
    exercised: settled.length + spared.filter((transaction) => !settled.includes(transaction)).length,
    stories: [
      ...facts.all.flatMap((transaction) => changedByAnother(facts, transaction)),
      ...spared.flatMap((transaction) => harmed(facts, transaction, limitMs)),
    ],
    ...(spared.length === 0
      ? { reason: "no control group: nothing was spared while a fault hit others" }
      : {}),
  };
}

/** Milliseconds from start to settled right that a spared transaction may take; undefined: nothing to compare with. */
function slowest({ baseline }: Facts): number | undefined {
  const delays = baseline.flatMap(({ firstRight, invoked }) =>
    firstRight ? [firstRight.by - invoked.t] : [],
  );
  if (delays.length === 0) return undefined;
  const worst = Math.max(...delays);
  return Math.max(worst * SLOWDOWN.factor, worst + SLOWDOWN.plusMs);
}

/** By its state, or else by its effects. */
function changedByAnother(facts: Facts, transaction: Case): Story[] {
  const mixed = mixedUp(facts, transaction);
  return mixed.length > 0 ? mixed : paidAstray(facts, transaction);
}

function mixedUp(facts: Facts, transaction: Case): Story[] {
  return settledSpans(transaction).flatMap((span): Story[] => {
    const cause = explain(facts, transaction, span);
    if (cause.kind !== "other") return [];
    const text = `shows ${quote(span.value.state ?? "")} since ${formatDuration(span.by)}, and nothing but the ${cause.what} for ${cause.key} ${at(cause.t)} explains it`;
    return [{ status: "failed", key: transaction.key, text, events: [cause.seq, span.seq] }];
  });
}

/** The effects that a misdirected report calls for, at either of the two that it is about, and called for by nothing else. */
function paidAstray(facts: Facts, transaction: Case): Story[] {
  for (const { sent } of misdirectedAbout(facts, transaction)) {
    const rise = paidBy(facts.header.system, transaction, sent);
    if (!rise) continue;
    const { reference = sent.key } = sent;
    const of = sent.key === transaction.key ? reference : sent.key;
    const text = `${plural(rise.value, "effect")} seen since ${formatDuration(rise.by)}, and nothing but the misdirected callback for ${of} ${at(sent.t)} explains it`;
    // Perhaps it was there before: then it is no-duplicate-effect's alone.
    const status = rise.after >= sent.t ? "failed" : "inconclusive";
    return [{ status, key: transaction.key, text, events: [sent.seq, rise.seq] }];
  }
  return [];
}

function harmed(facts: Facts, transaction: Case, limitMs: number | undefined): Story[] {
  const { key, ending, invoked, firstRight, states } = transaction;
  const events = [invoked.seq, states.at(-1)?.seq];
  if (ending.kind !== "right") {
    const trouble = startTrouble(transaction);
    const text = `was spared, yet did not settle right: ${trouble ? `${trouble.text}; ` : ""}${ledgerSays(transaction, facts.header)}; ${shown(transaction, facts.endT)}`;
    const hadItsTime = limitMs === undefined || facts.endT > invoked.t + limitMs;
    const isKnown = trouble !== undefined || (hadItsTime && isCertain(ending));
    return [{ status: isKnown ? "failed" : "inconclusive", key, text, events }];
  }
  if (limitMs === undefined || !firstRight) return [];
  const judged = against(firstRight, invoked.t + limitMs);
  if (judged === "in-time") return [];
  const text = `was spared, yet took ${formatDuration(firstRight.by - invoked.t)} to settle; the baseline allows ${formatDuration(limitMs)}`;
  return [
    {
      status: judged === "late" ? "failed" : "inconclusive",
      key,
      text,
      events: [invoked.seq, firstRight.seq],
      timing: true,
    },
  ];
}
