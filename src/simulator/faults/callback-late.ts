// callback.late: the result is reported after the promised time, perhaps after the system gave up waiting.
import * as z from "zod";
import { delaySchema, sampleDelay } from "../../lib/delay.ts";
import { defineFault } from "./fault.ts";

/** Decisions come before the promise runs out, so this much later is late for every one of them. */
const DEFAULT_SHARE_OF_PROMISE = 1.5;

export const callbackLate = defineFault({
  name: "callback.late",
  point: "callback",
  question: "never-reports",
  summary: "the result is reported late",
  settings: z.strictObject({
    delay: delaySchema
      .optional()
      .describe("How much later than due; default one and a half times the promised time"),
  }),
  onset: "promise",
  selfHealing: true,
  deliver(deliveries, { delay }, context) {
    if (deliveries.length === 0) return deliveries;
    const lateMs = delay
      ? sampleDelay(delay, context.choose("delay"))
      : context.promisesMs * DEFAULT_SHARE_OF_PROMISE;
    return deliveries.map((delivery) => ({
      ...delivery,
      afterMs: delivery.afterMs + Math.round(lateMs),
      faults: [...delivery.faults, context.fault],
    }));
  },
});
