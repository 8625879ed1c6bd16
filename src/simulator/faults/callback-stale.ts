// callback.stale: a report with a false outcome, signed with the right key over a timestamp that is too old.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { TOLERANCE_SECONDS } from "../signing/signature.ts";
import { defineFault } from "./fault.ts";
import { insteadSetting, withImpostor } from "./impostor.ts";

export const callbackStale = defineFault({
  name: "callback.stale",
  point: "callback",
  question: "beyond-the-five",
  summary: "a report with a false outcome and an old timestamp, signed with the right key",
  settings: z.strictObject({
    age: durationSchema
      .refine((ms) => ms > TOLERANCE_SECONDS * 1_000, { error: "must be above 5m, which receivers allow" })
      .prefault("10m")
      .describe("How old the timestamp is; above 5m, which receivers allow"),
    instead: insteadSetting,
  }),
  onset: "delivery",
  healsItself: ({ instead }) => !instead,
  deliver: (deliveries, { age, instead }, context) =>
    withImpostor(deliveries, { signature: "stale", ageMs: age, instead, context }),
});
