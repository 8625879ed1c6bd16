// alerts.throttled: the alert service takes no more messages for now, and says when to come back.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { channelSchema, isMeant } from "./alert-channel.ts";
import { defineFault } from "./fault.ts";

export const alertsThrottled = defineFault({
  name: "alerts.throttled",
  point: "alerts",
  question: "beyond-the-five",
  summary: "an alert channel takes no more for now: 429, or 450 from a mail server",
  settings: z.strictObject({
    channel: channelSchema,
    retryAfter: durationSchema.prefault("1s").describe("Sent as Retry-After, rounded up to whole seconds"),
  }),
  onset: "none",
  targets: () => false,
  selfHealing: true,
  reaches: (channel, settings) => isMeant(settings.channel, channel),
  troubles: ({ retryAfter }) => ({ kind: "throttled", retryAfterMs: retryAfter }),
});
