// callback.replayed: somebody captured a delivery and sends it again, byte for byte, with the headers that it had.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { defineFault } from "./fault.ts";

export const callbackReplayed = defineFault({
  name: "callback.replayed",
  point: "callback",
  question: "same-result-twice",
  summary: "a captured report is sent again, byte for byte with its old headers",
  settings: z.strictObject({
    after: durationSchema.prefault("1s").describe("How long after the report was due"),
  }),
  onset: "delivery",
  selfHealing: true,
  deliver(deliveries, { after }, context) {
    const genuine = deliveries.find(({ content }) => content === "genuine");
    if (!genuine) return deliveries;
    const replay = {
      ...genuine,
      afterMs: genuine.afterMs + after,
      replays: true as const,
      retried: false,
      faults: [...genuine.faults, context.fault],
    };
    return [...deliveries, replay];
  },
});
