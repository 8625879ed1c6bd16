// processing.slow: decided, but beyond the promised time.
import * as z from "zod";
import { delaySchema, sampleDelay } from "../../lib/delay.ts";
import { defineFault } from "./fault.ts";

/** Without a setting: this many times the promised time. */
const DEFAULT_PROMISES = 2.5;

export const processingSlow = defineFault({
  name: "processing.slow",
  point: "processing",
  question: "cannot-process",
  summary: "processed later than promised",
  settings: z.strictObject({
    takes: delaySchema
      .optional()
      .describe("From acceptance to the decision; default 2.5 times the promised time"),
  }),
  onset: "promise",
  selfHealing: true,
  process: (processing, { takes }, context) => ({
    ...processing,
    takesMs: takes
      ? Math.round(sampleDelay(takes, context.choose("takes")))
      : Math.round(context.promisesMs * DEFAULT_PROMISES),
  }),
});
