// What an invariant is: one sentence that always has to hold, what typically breaks it, and the check.
import type { Check, CheckOutcome } from "../outcome.ts";

export interface Invariant {
  /** One sentence: it holds when … */
  summary: string;
  /** What typically breaks it. */
  brokenBy: string;
  check: Check;
}

/** The answer of every check that needs to see states when `workflow.inspect` is missing. */
export const UNSEEN_STATES: CheckOutcome = {
  kind: "cannot-tell",
  reason: "`workflow.inspect` is missing, so the system's states cannot be seen",
};
