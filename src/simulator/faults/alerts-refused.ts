// alerts.refused: the alert service wants nothing from this sender any more: a revoked webhook, a blocked address.
import * as z from "zod";
import { channelSchema, isMeant } from "./alert-channel.ts";
import { defineFault } from "./fault.ts";

export const alertsRefused = defineFault({
  name: "alerts.refused",
  point: "alerts",
  question: "beyond-the-five",
  summary: "an alert channel refuses every message for good: 403, or 550 from a mail server",
  settings: z.strictObject({ channel: channelSchema }),
  onset: "none",
  targets: () => false,
  selfHealing: true,
  reaches: (channel, settings) => isMeant(settings.channel, channel),
  troubles: () => ({ kind: "refused" }),
});
