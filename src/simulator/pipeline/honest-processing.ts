// What the contract promises of a transaction's processing: drawn by its ordinal, so the same seed gives the same.
import { chooseAfter, pickWeighted } from "../../lib/choice.ts";
import { sampleDelay } from "../../lib/delay.ts";
import type { Contract } from "../contract/contract.ts";
import { stageAt } from "../contract/stages.ts";
import type { Processing } from "../pipeline-values.ts";

export interface HonestProcessing {
  of(ordinal: number): Processing;
  outcome(ordinal: number): string;
  /** Milliseconds from acceptance to the decision, for a contract without stages. */
  takesMs(ordinal: number): number;
}

export function createHonestProcessing(
  { process: { takes, outcomes }, stages }: Pick<Contract, "process" | "stages">,
  seed: string,
): HonestProcessing {
  const drawOutcome = chooseAfter(seed, "outcome");
  const drawTime = chooseAfter(seed, "takes");
  const outcome = (ordinal: number) => pickWeighted(outcomes, drawOutcome(ordinal));
  const takesMs = (ordinal: number) =>
    // Nothing is drawn for what always takes as long.
    Math.round(takes.kind === "fixed" ? takes.ms : sampleDelay(takes, drawTime(ordinal)));
  return {
    outcome,
    takesMs,
    of(ordinal) {
      if (!stages) return { takesMs: takesMs(ordinal), ending: "decide", outcome: outcome(ordinal) };
      let atMs = 0;
      const reached = stages.map(({ name, takes: step }, i) => {
        atMs += Math.round(sampleDelay(step, drawTime(ordinal, name)));
        return { stage: stageAt(stages, i + 1), atMs };
      });
      return { takesMs: atMs, ending: "decide", outcome: outcome(ordinal), stages: reached.slice(0, -1) };
    },
  };
}
