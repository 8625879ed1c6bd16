// callback.forged: somebody without the secret reports a false outcome.
import * as z from "zod";
import { defineFault } from "./fault.ts";
import { insteadSetting, withImpostor } from "./impostor.ts";

export const callbackForged = defineFault({
  name: "callback.forged",
  point: "callback",
  question: "beyond-the-five",
  summary: "a report with a false outcome, signed with a wrong key",
  settings: z.strictObject({ instead: insteadSetting }),
  onset: "delivery",
  healsItself: ({ instead }) => !instead,
  deliver: (deliveries, { instead }, context) =>
    withImpostor(deliveries, { signature: "forged", instead, context }),
});
