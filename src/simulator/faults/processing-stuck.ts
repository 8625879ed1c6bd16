// processing.stuck: accepted and never decided; asked for its status, the partner says processing.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { defineFault } from "./fault.ts";

const AFTER = /^after\s+(\S.*)$/;

export const processingStuck = defineFault({
  name: "processing.stuck",
  point: "processing",
  question: "cannot-process",
  summary: "accepted and never processed",
  settings: z.strictObject({
    clears: z
      .union([
        z.literal("never"),
        z.literal("on-resubmit"),
        z.string().refine((text) => afterMs(text) !== undefined, {
          error: "expected never, on-resubmit or a time such as after 5s",
        }),
      ])
      .default("never")
      .describe("never; after 5s (from acceptance); on-resubmit: when it is submitted again"),
  }),
  onset: "promise",
  healsItself: ({ clears }) => afterMs(clears) !== undefined,
  process(processing, { clears }, { attempt }) {
    if (clears === "on-resubmit" && attempt > 1) return processing;
    const takesMs = Math.max(afterMs(clears) ?? Number.POSITIVE_INFINITY, processing.takesMs);
    return { ...processing, takesMs, clearsOnResubmit: clears === "on-resubmit" };
  },
});

/** Milliseconds of `after 5s`; undefined for anything else. */
function afterMs(clears: string): number | undefined {
  const duration = durationSchema.safeParse(AFTER.exec(clears)?.[1] ?? "");
  return duration.success ? duration.data : undefined;
}
