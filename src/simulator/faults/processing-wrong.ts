// processing.wrong: the partner decides, reports, and corrects itself later: another outcome supersedes the first.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { defineFault } from "./fault.ts";
import { otherOutcome } from "./other-outcome.ts";

export const processingWrong = defineFault({
  name: "processing.wrong",
  point: "processing",
  question: "beyond-the-five",
  summary: "a reported outcome is corrected: status and a second report tell another one",
  settings: z.strictObject({
    after: durationSchema.prefault("1s").describe("How long after the first decision"),
  }),
  onset: "correction",
  selfHealing: true,
  process(processing, { after }, context) {
    const outcome = otherOutcome(processing.outcome, context);
    if (processing.ending !== "decide" || outcome === undefined) return processing;
    return { ...processing, correction: { afterMs: after, outcome } };
  },
});
