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
  deliver: (deliveries) => (deliveries.length === 0 ? deliveries : []),
});
