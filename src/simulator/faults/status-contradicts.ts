// status.contradicts: asked, the partner states another outcome than the one in its own ledger and in its report.
import * as z from "zod";
import { defineFault } from "./fault.ts";
import { otherOutcome } from "./other-outcome.ts";

export const statusContradicts = defineFault({
  name: "status.contradicts",
  point: "status",
  question: "beyond-the-five",
  summary: "the status states another outcome than the report and the ledger",
  settings: z.strictObject({}),
  onset: "poll",
  view(view, _, context) {
    if (view.kind === "unknown" || view.submission.outcome === null) return view;
    const outcome = otherOutcome(view.submission.outcome, context);
    if (outcome === undefined) return view;
    return { kind: "known", submission: { ...view.submission, state: "settled", outcome, reason: null } };
  },
});
