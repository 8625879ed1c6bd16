// callback.storm: every report is held back until one moment, and then all of them come at once.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { defineFault } from "./fault.ts";

/** Without a setting: this many times the promised time. */
const DEFAULT_PROMISES = 3;

export const callbackStorm = defineFault({
  name: "callback.storm",
  point: "callback",
  question: "same-result-twice",
  summary: "all reports are held back, then come at once",
  settings: z.strictObject({
    hold: durationSchema
      .optional()
      .describe("When they come, from the start of the fault phase; default three times the promised time"),
  }),
  onset: "promise",
  selfHealing: true,
  deliver(deliveries, { hold }, { sinceArmedMs = 0, promisesMs, fault }) {
    const heldMs = (hold ?? promisesMs * DEFAULT_PROMISES) - sinceArmedMs;
    if (deliveries.length === 0 || heldMs <= 0) return deliveries;
    return deliveries.map((delivery) => ({
      ...delivery,
      afterMs: delivery.afterMs + heldMs,
      faults: [...delivery.faults, fault],
    }));
  },
});
