// status.slow: the status is answered late; what it says was true when it was asked.
import * as z from "zod";
import { delaySchema } from "../../lib/delay.ts";
import { defineFault } from "./fault.ts";
import { later } from "./later.ts";

export const statusSlow = defineFault({
  name: "status.slow",
  point: "status",
  question: "never-reports",
  summary: "status requests are answered late",
  settings: z.strictObject({
    delay: delaySchema.prefault("3s").describe("How late; a range or a distribution too"),
  }),
  onset: "poll",
  reply: (reply, { delay }, context) => later(reply, delay, context),
});
