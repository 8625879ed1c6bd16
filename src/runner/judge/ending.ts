// How a transaction ended, by what the system showed last, held against the ledger.
import type { SystemHeader } from "../../history/header.ts";
import { firstReached, type Interval, keptFrom, laterOf } from "./spans.ts";
import { isKnown, type Reading, type Transaction } from "./transaction.ts";
import type { Truth } from "./truth.ts";

export type Ending =
  /** The ledger's outcome with the effects that it calls for, kept until the last reading. */
  | { kind: "right"; since: Interval }
  /**
   * Settled otherwise than the ledger says, or with other effects than the outcome calls for. `isUnsure`: only effects
   * are missing, and they could not be read at last.
   */
  | { kind: "wrong"; outcome: string; effects?: number; isUnsure?: true; since: Interval }
  | { kind: "attention"; since: Interval }
  | { kind: "pending"; since: Interval }
  /** The last reading failed or showed a state that is not listed. */
  | { kind: "unreadable"; reading: Reading; lastKnown?: Reading; since: Interval }
  /** Never sampled. */
  | { kind: "unseen" };

export function endingOf(transaction: Transaction, truth: Truth | undefined, system: SystemHeader): Ending {
  const last = transaction.states.at(-1);
  if (!last) return { kind: "unseen" };
  const { means } = last.value;
  if (means === null) {
    const known = transaction.states.findLast(({ value }) => isKnown(value));
    return {
      kind: "unreadable",
      reading: last.value,
      since: last,
      ...(known ? { lastKnown: known.value } : {}),
    };
  }
  if (means.kind !== "settled") {
    return {
      kind: means.kind,
      since: kept(transaction, ({ means: now }) => now?.kind === means.kind) ?? last,
    };
  }
  const right = settledRightFrom(transaction, truth, system, keptFrom);
  if (right) return { kind: "right", since: right };
  const effects = transaction.effects.at(-1)?.value;
  const since =
    kept(transaction, ({ means: now }) => now?.kind === "settled" && now.outcome === means.outcome) ?? last;
  const isUnsure = means.outcome === truth?.outcome && mayHaveRisen(transaction, system, truth.outcome);
  return {
    kind: "wrong",
    outcome: means.outcome,
    since,
    ...(effects === undefined ? {} : { effects }),
    ...(isUnsure && { isUnsure }),
  };
}

function mayHaveRisen(
  { effects, missesEffects }: Transaction,
  system: SystemHeader,
  outcome: string,
): boolean {
  const expected = expectedEffects(system, outcome);
  const seen = effects.at(-1)?.value;
  return missesEffects && expected !== undefined && seen !== undefined && seen < expected;
}

/** True when what is known of it suffices to hold it against the system. */
export function isCertain(ending: Ending): boolean {
  if (ending.kind === "wrong") return !ending.isUnsure;
  return ending.kind !== "unreadable" && ending.kind !== "unseen";
}

/** When it first showed the ledger's outcome with the right effects, whatever came after. */
export function firstRight(
  transaction: Transaction,
  truth: Truth | undefined,
  system: SystemHeader,
): Interval | undefined {
  return settledRightFrom(transaction, truth, system, firstReached);
}

/** When the last reading's acceptable run began: attention or the ledger's outcome (`to: attention`). */
export function surfacedOrRight(transaction: Transaction, truth: Truth | undefined): Interval | undefined {
  return kept(transaction, (reading) => reading.means?.kind === "attention" || isOutcome(reading, truth));
}

/** Effects that the outcome calls for; undefined: not declared, or effects are not observed. */
export function expectedEffects(system: SystemHeader, outcome: string): number | undefined {
  return system.observesEffects ? system.expectedEffects?.[outcome] : undefined;
}

function settledRightFrom(
  transaction: Transaction,
  truth: Truth | undefined,
  system: SystemHeader,
  find: typeof keptFrom,
): Interval | undefined {
  if (!truth) return undefined;
  const settled = find(transaction.states, (reading) => isOutcome(reading, truth), isKnown);
  const expected = expectedEffects(system, truth.outcome);
  // Effects that were never readable leave the state as the only evidence; no-duplicate-effect reports the gap.
  if (!settled || expected === undefined || transaction.effects.length === 0) return settled;
  const effects = find(
    transaction.effects,
    (count) => count === expected,
    () => true,
  );
  return effects && laterOf(settled, effects);
}

function isOutcome({ means }: Reading, truth: Truth | undefined): boolean {
  return means?.kind === "settled" && means.outcome === truth?.outcome;
}

function kept(transaction: Transaction, accepts: (reading: Reading) => boolean): Interval | undefined {
  return keptFrom(transaction.states, accepts, isKnown);
}
