// callback.missing: the result is decided, the status knows it, and it is never reported.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const callbackMissing = defineFault({
  name: "callback.missing",
  point: "callback",
  question: "never-reports",
  summary: "the result is never reported; the status knows it",
  settings: z.strictObject({}),
  onset: "promise",
  /** What a stranger sends is not the partner's to withhold. */
  deliver(deliveries) {
    const others = deliveries.filter(
      ({ content, signature, names }) => content === "false" && (signature !== "valid" || names),
    );
    return others.length === deliveries.length ? deliveries : others;
  },
});
