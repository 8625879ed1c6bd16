// callback.early: the result is decided and reported while the reply to its submission is still held back.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { defineFault } from "./fault.ts";

export const callbackEarly = defineFault({
  name: "callback.early",
  point: "callback",
  question: "beyond-the-five",
  summary: "the result is reported before the submission is answered",
  settings: z.strictObject({
    hold: durationSchema
      .prefault("500ms")
      .describe("How long the reply waits at most for the report to be answered"),
  }),
  onset: "delivery",
  selfHealing: true,
  holdsReply: ({ hold }) => hold,
  deliver(deliveries, _settings, { isReplyHeld, fault }) {
    if (!isReplyHeld || deliveries.length === 0) return deliveries;
    return deliveries.map((delivery) => ({ ...delivery, faults: [...delivery.faults, fault] }));
  },
});
