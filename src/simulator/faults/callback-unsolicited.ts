// callback.unsolicited: well-signed results of work that nobody submitted, under references that nobody gave.
import * as z from "zod";
import { chooseTag } from "../../lib/choice.ts";
import { anotherEventId } from "../callbacks/event-id.ts";
import type { Delivery } from "../pipeline-values.ts";
import { defineFault, type FaultContext } from "./fault.ts";

export const callbackUnsolicited = defineFault({
  name: "callback.unsolicited",
  point: "callback",
  question: "beyond-the-five",
  summary: "a result for a transaction that nobody submitted, signed well",
  settings: z.strictObject({
    count: z.int().min(1).max(50).default(1).describe("How many, each for another invented transaction"),
  }),
  onset: "delivery",
  selfHealing: true,
  deliver(deliveries, { count }, context) {
    const genuine = deliveries.find(({ content }) => content === "genuine");
    if (!genuine) return deliveries;
    const strangers = Array.from({ length: count }, (_, i): Delivery => {
      const nth = i + 1;
      return {
        ...genuine,
        event: anotherEventId(genuine.event, 1_000 * (context.fault + 1) + nth),
        names: {
          key: inventKey(context, nth),
          id: `sub_${chooseTag(10, genuine.event, "stranger", context.fault, nth)}`,
        },
        content: "false",
        retried: false,
        faults: [...genuine.faults, context.fault],
      };
    });
    return [...strangers, ...deliveries];
  },
});

const LAST_DIGITS = /\d+(?=\D*$)/;

/** Looks like the real one (CLM-0007 → CLM-9481203); two digits more keep it out of the real ones' way. */
function inventKey({ key, choose }: FaultContext, nth: number): string {
  const digits = LAST_DIGITS.exec(key)?.[0] ?? "";
  const length = digits.length + 2;
  const number = `9${String(Math.floor(choose(`stranger ${nth}`) * 10 ** length)).padStart(length, "0")}`;
  return digits === "" ? `${key}-${number}` : key.replace(LAST_DIGITS, number);
}
