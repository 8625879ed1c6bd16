// processing.rejected: refused after it was accepted, with a reason; reported like every result.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const processingRejected = defineFault({
  name: "processing.rejected",
  point: "processing",
  question: "cannot-process",
  summary: "refused after acceptance, with a reason",
  settings: z.strictObject({
    reason: z
      .string()
      .min(1)
      .default("The record does not match our files.")
      .describe("What the status says"),
  }),
  onset: "attempt",
  selfHealing: true,
  process: (processing, { reason }) => ({ ...processing, ending: "reject", reason }),
});
