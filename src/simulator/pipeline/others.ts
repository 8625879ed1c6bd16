// Another transaction than a given one, for reports that are mixed up: its neighbour by ordinal, so chance has no say.
import type { Contract } from "../contract/contract.ts";
import type { OtherSubmission } from "../faults/fault.ts";
import type { Ledger, Submission } from "../ledger.ts";
import { createHonestProcessing } from "./honest-processing.ts";

type Numbered = Pick<Submission, "key" | "ordinal">;

/** Finds the nearest one in the ledger, the next before the last; undecided ones with the outcome that they are due to have. */
export function otherSubmissions(
  ledger: Ledger,
  contract: Pick<Contract, "process" | "stages">,
  seed: string,
) {
  const honestProcessing = createHonestProcessing(contract, seed);
  return (subject: Numbered): OtherSubmission | undefined => {
    let best: Readonly<Submission> | undefined;
    for (const one of ledger.all()) {
      if (one.key !== subject.key && (!best || isNearer(subject, one, best))) best = one;
    }
    if (!best) return undefined;
    const { key, ordinal, outcome } = best;
    return { key, outcome: outcome ?? honestProcessing.outcome(ordinal) };
  };
}

function isNearer({ ordinal }: Numbered, a: Numbered, b: Numbered): boolean {
  const [toA, toB] = [Math.abs(a.ordinal - ordinal), Math.abs(b.ordinal - ordinal)];
  return toA === toB ? a.ordinal > b.ordinal : toA < toB;
}
