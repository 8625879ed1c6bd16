// system.crash: the system's own process is killed at the worst moment, and started again with the same data folder.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { defineFault } from "./fault.ts";
import { momentOf, momentSchema, picksEvent } from "./system-moment.ts";

export const systemCrash = defineFault({
  name: "system.crash",
  point: "system",
  question: "beyond-the-five",
  summary: "the system's own process is killed (SIGKILL) and started again with the same data",
  settings: z.strictObject({
    when: momentSchema,
    restartAfter: durationSchema
      .prefault("200ms")
      .describe("How long it stays dead before it is started again"),
  }),
  onset: "signal",
  spares: () => false,
  targets: picksEvent,
  strikes: ({ when, restartAfter }) => ({
    moment: momentOf(when),
    action: { kind: "crash", restartAfterMs: restartAfter },
  }),
});
