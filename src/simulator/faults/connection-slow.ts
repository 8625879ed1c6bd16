// connection.slow: a slow line; every reply, whatever it says, comes late.
import * as z from "zod";
import { delaySchema } from "../../lib/delay.ts";
import { defineFault } from "./fault.ts";
import { later } from "./later.ts";

export const connectionSlow = defineFault({
  name: "connection.slow",
  point: "connection",
  question: "unavailable",
  summary: "every reply is late, to submissions and to status requests",
  settings: z.strictObject({
    delay: delaySchema.prefault("800ms").describe("How late; a range or a distribution too"),
  }),
  onset: "attempt",
  reply: (reply, { delay }, context) => later(reply, delay, context),
});
