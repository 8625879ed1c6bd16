// submit.slow: accepted at once, answered late.
import * as z from "zod";
import { delaySchema } from "../../lib/delay.ts";
import { defineFault } from "./fault.ts";
import { later } from "./later.ts";

export const submitSlow = defineFault({
  name: "submit.slow",
  point: "submit",
  question: "unavailable",
  summary: "accepted, but the reply is late",
  settings: z.strictObject({
    delay: delaySchema.prefault("3s").describe("How late; a range or a distribution too"),
  }),
  onset: "attempt",
  selfHealing: true,
  reply: (reply, { delay }, context) => later(reply, delay, context),
});
