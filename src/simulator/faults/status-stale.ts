// status.stale: the status still says processing although the submission is decided.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const statusStale = defineFault({
  name: "status.stale",
  point: "status",
  question: "beyond-the-five",
  summary: "the status says processing although it is decided",
  settings: z.strictObject({}),
  onset: "poll",
  view(view, _settings, { stages }) {
    if (view.kind === "unknown" || view.submission.decidedAt === null) return view;
    const submission = {
      ...view.submission,
      state: "processing" as const,
      stage: stages?.at(-2) ?? null,
      outcome: null,
      reason: null,
      decidedAt: null,
    };
    return { kind: "known", submission };
  },
});
