// system.pause: the system's own process stands still for a while, as in a long collection of garbage or a frozen host.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { defineFault } from "./fault.ts";
import { momentOf, momentSchema, picksEvent } from "./system-moment.ts";

/** A start request that waits longer than ten seconds counts as unanswered. */
const LONGEST_MS = 8_000;

export const systemPause = defineFault({
  name: "system.pause",
  point: "system",
  question: "beyond-the-five",
  summary: "the system's own process stands still for a while (SIGSTOP, then SIGCONT)",
  settings: z.strictObject({
    when: momentSchema,
    for: durationSchema
      .refine((ms) => ms <= LONGEST_MS, { error: "at most 8s: start requests wait no longer than 10s" })
      .prefault("2s")
      .describe("How long it stands still, at most 8s"),
  }),
  onset: "signal",
  spares: () => false,
  targets: picksEvent,
  strikes: (settings) => ({
    moment: momentOf(settings.when),
    action: { kind: "pause", forMs: settings.for },
  }),
});
