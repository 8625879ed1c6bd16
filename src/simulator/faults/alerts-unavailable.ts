// alerts.unavailable: the alert service is out of order while it is needed.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { channelSchema, isMeant } from "./alert-channel.ts";
import { defineFault } from "./fault.ts";

export const alertsUnavailable = defineFault({
  name: "alerts.unavailable",
  point: "alerts",
  question: "beyond-the-five",
  summary: "an alert channel is out of order: 503, or 451 from a mail server",
  settings: z.strictObject({
    channel: channelSchema,
    status: z.int().min(500).max(599).default(503).describe("The HTTP status; a mail server answers 451"),
    retryAfter: durationSchema.optional().describe("Sends Retry-After, rounded up to whole seconds"),
  }),
  onset: "none",
  targets: () => false,
  selfHealing: true,
  reaches: (channel, settings) => isMeant(settings.channel, channel),
  troubles: ({ status, retryAfter }) => ({
    kind: "unavailable",
    status,
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
  }),
});
