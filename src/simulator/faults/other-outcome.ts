// Another outcome than the true one, for faults that lie.
import type { FaultContext } from "./fault.ts";

/** Undefined when the contract knows no other outcome, and where there is no outcome yet (`null`). */
export function otherOutcome(truth: string | null, { outcomes, choose }: FaultContext): string | undefined {
  if (truth === null) return undefined;
  const others = outcomes.filter((outcome) => outcome !== truth);
  return others[Math.floor(choose("other-outcome") * others.length)];
}
