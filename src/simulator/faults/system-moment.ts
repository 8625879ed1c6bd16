// When the system's own process is struck: after one of the partner's events, or at a time of the fault phase.
import * as z from "zod";
import { parseDuration } from "../../lib/duration.ts";
import type { SystemStrike } from "./fault.ts";

/** → one of the two words, or milliseconds since the fault phase began. */
export const momentSchema = z
  .union([
    z.literal("after-accept"),
    z.literal("on-callback"),
    z
      .string()
      .refine((text) => parseDuration(text) !== undefined, {
        error: "expected after-accept, on-callback, or a time such as 2s",
      })
      .transform((text) => parseDuration(text) ?? 0),
  ])
  .default("after-accept")
  .describe(
    "after-accept: the partner has accepted a submission, and its reply is not out yet; on-callback: the system has just acknowledged a report; or a time from the start of the fault phase, such as 2s",
  );

export function momentOf(when: z.output<typeof momentSchema>): SystemStrike["moment"] {
  switch (when) {
    case "after-accept":
      return { kind: "accepted" };
    case "on-callback":
      return { kind: "acknowledged" };
    default:
      return { kind: "time", atMs: when };
  }
}

/** At a time it is nobody's event, so `on` picks nobody. */
export function picksEvent({ when }: { when: z.output<typeof momentSchema> }): boolean {
  return typeof when === "string";
}
