// callback.duplicate: the same result again, at once, at the same moment or later, under the same event id or a new one.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { anotherEventId } from "../callbacks/event-id.ts";
import type { Delivery } from "../pipeline-values.ts";
import { defineFault } from "./fault.ts";

export const callbackDuplicate = defineFault({
  name: "callback.duplicate",
  point: "callback",
  question: "same-result-twice",
  summary: "the same result is reported again",
  settings: z.strictObject({
    copies: z.int().min(2).max(50).default(2).describe("How many deliveries in all"),
    after: durationSchema
      .prefault("0ms")
      .describe("Time between two of them; default: each when the one before was answered"),
    concurrent: z.boolean().default(false).describe("All at the same moment, on separate connections"),
    newId: z.boolean().default(false).describe("Each copy under an event id of its own"),
  }),
  onset: "second-delivery",
  selfHealing: true,
  deliver(deliveries, { copies, after, concurrent, newId }, context) {
    if (deliveries.length === 0) return deliveries;
    return deliveries.flatMap((original) => {
      const first: Delivery = concurrent ? { ...original, together: context.fault } : original;
      const again = Array.from({ length: copies - 1 }, (_, i): Delivery => {
        const nth = i + 1;
        return {
          ...first,
          afterMs: concurrent ? first.afterMs : first.afterMs + nth * after,
          event: newId ? anotherEventId(first.event, nth) : first.event,
          faults: [...first.faults, context.fault],
        };
      });
      return [first, ...again];
    });
  },
});
