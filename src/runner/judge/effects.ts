// Effects held against what the partner had told: which outcomes called for them, and who else may have caused them.
import type { SystemHeader } from "../../history/header.ts";
import { expectedEffects } from "./ending.ts";
import type { Span } from "./spans.ts";
import type { Transaction } from "./transaction.ts";
import { toldOutcomes } from "./truth.ts";

/** A reading of the effects that is higher than the one before. */
export interface Rise extends Span<number> {
  from: number;
}

/** What one outcome calls for. Where nothing is declared one effect is nobody's mistake. */
export function calledForBy(system: SystemHeader, outcome: string): number {
  return expectedEffects(system, outcome) ?? 1;
}

/** The most that any outcome called for that the partner had told by then; undefined: it had told none. */
export function calledFor(system: SystemHeader, transaction: Transaction, by: number): number | undefined {
  const told = toldOutcomes(transaction, by).map((outcome) => calledForBy(system, outcome));
  return told.length === 0 ? undefined : Math.max(...told);
}

/** Every rise above what had been called for by the time at which it was seen. */
export function uncalledRises(system: SystemHeader, transaction: Transaction): Rise[] {
  return transaction.effects.flatMap((span, index) => {
    const from = transaction.effects[index - 1]?.value ?? 0;
    const isUncalled = span.value > from && span.value > (calledFor(system, transaction, span.by) ?? 0);
    return isUncalled ? [{ ...span, from }] : [];
  });
}

/**
 * The first rise that may have followed a delivery at `t` that claims this outcome, when nothing honest called for any
 * effect. A second one of what was called for once is a duplicate, whatever else was delivered.
 */
export function paidBy(
  system: SystemHeader,
  transaction: Transaction,
  { claims, t }: { claims: string | null; t: number },
): Rise | undefined {
  if (!system.observesEffects || claims === null || calledForBy(system, claims) === 0) return undefined;
  return uncalledRises(system, transaction).find(
    ({ by }) => by > t && (calledFor(system, transaction, by) ?? 0) === 0,
  );
}
