// callback.misdirected: a well-signed report under another transaction's reference, as when the partner mixes its files up.
import * as z from "zod";
import { anotherEventId } from "../callbacks/event-id.ts";
import type { Delivery } from "../pipeline-values.ts";
import { defineFault } from "./fault.ts";
import { insteadSetting } from "./impostor.ts";
import { otherOutcome } from "./other-outcome.ts";

export const callbackMisdirected = defineFault({
  name: "callback.misdirected",
  point: "callback",
  question: "beyond-the-five",
  summary: "a report under another transaction's reference, with an outcome wrong for it",
  settings: z.strictObject({ instead: insteadSetting }),
  onset: "delivery",
  healsItself: ({ instead }) => !instead,
  deliver(deliveries, { instead }, context) {
    const genuine = deliveries.find(({ content }) => content === "genuine");
    const other = genuine && context.other?.();
    // A stage without an outcome says nothing that could be wrong but whose it is.
    const lie = genuine?.outcome === null ? null : other && otherOutcome(other.outcome, context);
    if (!genuine || !other || lie === undefined) return deliveries;
    const stray: Delivery = {
      ...genuine,
      event: anotherEventId(genuine.event, 2_000 * (context.fault + 1)),
      names: { key: other.key },
      outcome: lie,
      content: "false",
      retried: false,
      faults: [...genuine.faults, context.fault],
    };
    return instead ? [stray] : [stray, ...deliveries];
  },
});
