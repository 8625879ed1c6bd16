// Another outcome than the true one, for faults that lie.
import type { FaultContext } from "./fault.ts";

/** Undefined when the contract knows no other outcome. */
export function otherOutcome(truth: string, { outcomes, choose }: FaultContext): string | undefined {
  const others = outcomes.filter((outcome) => outcome !== truth);
  return others[Math.floor(choose("other-outcome") * others.length)];
}
