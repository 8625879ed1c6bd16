// callback.out-of-order: reports leave in another order than what they are about happened.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { isFinal, type Stage } from "../contract/stages.ts";
import { defineFault, type FaultContext } from "./fault.ts";

/** Without a setting: this much of the promised time, so that what is held back is still in time. */
const DEFAULT_SHARE_OF_PROMISE = 0.5;

export const callbackOutOfOrder = defineFault({
  name: "callback.out-of-order",
  point: "callback",
  question: "beyond-the-five",
  summary: "the result comes before its earlier stages, or after a later one",
  settings: z.strictObject({
    window: durationSchema
      .optional()
      .describe("How long a report is held back at most; default half the promised time"),
  }),
  onset: "delivery",
  selfHealing: true,
  everyStage: true,
  deliver(deliveries, { window }, context) {
    if (deliveries.length === 0) return deliveries;
    const windowMs = window ?? context.promisesMs * DEFAULT_SHARE_OF_PROMISE;
    const heldMs =
      context.reports && context.reports.of > 1
        ? behindResult(context.reports, windowMs, context)
        : shuffled(windowMs, context);
    if (heldMs === undefined) return deliveries;
    return deliveries.map((delivery) => ({
      ...delivery,
      afterMs: delivery.afterMs + Math.round(heldMs),
      faults: [...delivery.faults, context.fault],
    }));
  },
});

/** A stage before the last waits until the result has left; a result that never comes cannot be overtaken. */
function behindResult(
  stage: Stage,
  windowMs: number,
  { decidedInMs = Number.POSITIVE_INFINITY, choose }: FaultContext,
): number | undefined {
  if (isFinal(stage) || !Number.isFinite(decidedInMs)) return undefined;
  return decidedInMs + (windowMs * (1 + choose("held"))) / 2;
}

/** Every other transaction is held back for longer than its neighbours, and each of them by dice of its own. */
function shuffled(windowMs: number, { ordinal, choose }: FaultContext): number {
  return (windowMs * ((ordinal % 2) + choose("held"))) / 2;
}
