// callback.conflicting: the genuine result first, a different one after it, both signed well.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { anotherEventId } from "../callbacks/event-id.ts";
import { defineFault } from "./fault.ts";
import { otherOutcome } from "./other-outcome.ts";

export const callbackConflicting = defineFault({
  name: "callback.conflicting",
  point: "callback",
  question: "same-result-twice",
  summary: "a second report states another outcome",
  settings: z.strictObject({
    after: durationSchema
      .prefault("0ms")
      .describe("How long after the genuine report; default: as soon as that was answered"),
  }),
  onset: "second-delivery",
  selfHealing: true,
  deliver(deliveries, { after }, context) {
    const genuine = deliveries.find(({ content }) => content === "genuine");
    const lie = genuine && otherOutcome(genuine.outcome, context);
    if (!genuine || lie === undefined) return deliveries;
    return [
      ...deliveries,
      {
        ...genuine,
        afterMs: genuine.afterMs + after,
        event: anotherEventId(genuine.event, 1),
        outcome: lie,
        content: "false",
        faults: [...genuine.faults, context.fault],
      },
    ];
  },
});
