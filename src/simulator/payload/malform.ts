// Breaks one payload: one of the ways that apply to it, by the turn of the transaction.
import type { FaultContext } from "../faults/fault.ts";
import type { Payload } from "../pipeline-values.ts";
import { type FamilyName, type MutationName, mutationsMeant } from "./catalogue.ts";
import { deal } from "./deal.ts";
import { derive } from "./derive.ts";

export interface MalformOptions {
  /** A mutation or a family. Absent: whatever applies is dealt over the transactions. */
  mutation?: MutationName | FamilyName | undefined;
  /** Dotted path in the body. Absent: every field that a mutation applies to has its turn. */
  field?: string | undefined;
}

type Context = Pick<FaultContext, "key" | "ordinal" | "outcomes" | "choose" | "dealing">;

/** Undefined when nothing applies to this payload. The attempt plays no part: a redelivery is broken in the same way. */
export function malform(
  payload: Payload,
  { mutation, field }: MalformOptions,
  context: Context,
): Payload | undefined {
  const among = mutationsMeant(mutation);
  const isForced = among.length === 1 && field !== undefined;
  const candidates = derive(payload, { among, field, isForced }, context);
  const { rank = context.ordinal - 1, choose = () => 0 } = context.dealing ?? {};
  const dealt = deal(candidates, rank, choose);
  if (dealt === undefined) return undefined;
  const mutants = candidates.map(({ make: _, ...mutant }) => mutant);
  return { ...dealt.make(), mutants };
}
