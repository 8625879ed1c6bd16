// callback.unsigned: a report of a false outcome without the signature that the contract promises.
import * as z from "zod";
import { defineFault } from "./fault.ts";
import { insteadSetting, withImpostor } from "./impostor.ts";

export const callbackUnsigned = defineFault({
  name: "callback.unsigned",
  point: "callback",
  question: "beyond-the-five",
  summary: "a report with a false outcome and no signature",
  settings: z.strictObject({ instead: insteadSetting }),
  onset: "delivery",
  healsItself: ({ instead }) => !instead,
  deliver: (deliveries, { instead }, context) =>
    withImpostor(deliveries, { signature: "missing", instead, context }),
});
