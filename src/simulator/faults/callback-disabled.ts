// callback.disabled: after a number of failed attempts the partner switches the endpoint off, for everybody's reports.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const callbackDisabled = defineFault({
  name: "callback.disabled",
  point: "callback",
  question: "never-reports",
  summary: "after failed attempts the partner sends nothing more to the endpoint",
  settings: z.strictObject({
    after: z.int().min(1).max(1_000).default(3).describe("How many failed attempts it takes"),
  }),
  onset: "promise",
  spares: () => false,
  retry: (retry, { after }, { failures = 0 }) =>
    failures < after || !retry.keepsEndpoint ? retry : { ...retry, waitMs: undefined, keepsEndpoint: false },
});
