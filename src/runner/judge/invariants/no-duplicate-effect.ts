// The business consequence of a result happens at most once, and exactly as often as the outcome calls for.
import { formatDuration } from "../../../lib/duration.ts";
import { calledFor, type Rise, uncalledRises } from "../effects.ts";
import { expectedEffects } from "../ending.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { correctionOf, decision } from "../truth.ts";
import { at, ledgerSays, plural } from "../wording.ts";
import type { Invariant } from "./invariant.ts";

export const noDuplicateEffect: Invariant = {
  summary: "effects per transaction are at most 1, and equal to what the outcome calls for",
  brokenBy: "duplicates: sequential, concurrent, late, new event id; callback and poll racing",
  check,
};

function check(facts: Facts): CheckOutcome {
  if (!facts.header.system.observesEffects) {
    return {
      kind: "cannot-tell",
      reason: "`workflow.inspect.effects` is missing, so effects cannot be counted",
    };
  }
  const counted = facts.all.filter(
    ({ effects, ending }) =>
      effects.length > 0 &&
      (ending.kind === "right" || ending.kind === "wrong" || effects.some(({ value }) => value > 0)),
  );
  const blind = facts.all.filter(
    ({ effects, states }) => effects.length === 0 && states.some(({ value }) => value.means !== null),
  ).length;
  return {
    kind: "judged",
    exercised: counted.length,
    stories: counted.flatMap((transaction) => judgeOne(facts, transaction)),
    ...(blind > 0
      ? { reason: `the effects of ${plural(blind, facts.header.system.noun)} were never read` }
      : {}),
  };
}

function judgeOne(facts: Facts, transaction: Case): Story[] {
  const { header } = facts;
  const [rise] = uncalledRises(header.system, transaction);
  if (rise) return [excess(facts, transaction, rise)];
  const { truth } = transaction;
  return unequal(facts, transaction, truth && expectedEffects(header.system, truth.outcome));
}

/** More than any outcome calls for that the partner had told by then. */
function excess({ header }: Facts, transaction: Case, { value, by, seq }: Rise): Story {
  const { key, callbacks } = transaction;
  const deliveries = callbacks.map(({ sent }) => sent).filter(({ t }) => t <= by);
  const events = [seq, ...deliveries.map((sent) => sent.seq)];
  const most = calledFor(header.system, transaction, by);
  if (most === undefined || most === 0) {
    const told = most === undefined ? "no outcome" : "no outcome that calls for one";
    const text = `${plural(value, "effect")} seen since ${formatDuration(by)}, but ${header.partner.name} had reported ${told} by then`;
    return { status: "failed", key, text, events };
  }
  const after =
    deliveries.length > 0
      ? `, after ${deliveries.length} deliveries (the last ${at(deliveries.at(-1)?.t ?? 0)})`
      : "";
  const text = `${plural(most, "effect")} at most, ${value} seen since ${formatDuration(by)}${after}`;
  return { status: "failed", key, text, events };
}

/** The partner took back what it had decided, and people were asked what to do about what followed from that. */
function waitsToBeUndone({ header }: Facts, { ending, processed }: Case, effects: number): boolean {
  if (ending.kind !== "attention" || !correctionOf({ processed })) return false;
  return processed.some((event) => expectedEffects(header.system, decision(event) ?? "") === effects);
}

/** Too few effects count only against a transaction that claims to be settled as the ledger says. */
function unequal(facts: Facts, { ending, effects, ...rest }: Case, expected: number | undefined): Story[] {
  const last = effects.at(-1);
  if (expected === undefined || !last || last.value === expected) return [];
  const isSettledSo = ending.kind === "wrong" && ending.outcome === rest.truth?.outcome;
  if (last.value < expected && !isSettledSo) return [];
  if (waitsToBeUndone(facts, { ending, effects, ...rest }, last.value)) return [];
  const isUnsure = ending.kind === "wrong" && ending.isUnsure;
  const doubt = isUnsure ? ", and they could not be read at last" : "";
  const text = `${ledgerSays({ ending, effects, ...rest }, facts.header)}, which calls for ${plural(expected, "effect")}; ${last.value} seen since ${formatDuration(last.by)}${doubt}`;
  const status = isUnsure ? "inconclusive" : "failed";
  return [{ status, key: rest.key, text, events: [rest.truth?.seq, last.seq] }];
}
