// submit.throttled: over a quota that all submissions share, the answer is 429 and when to come back.
import * as z from "zod";
import { defineFault } from "./fault.ts";
import { quotaExceeded, quotaSchema, withRateLimit } from "./quota.ts";

export const submitThrottled = defineFault({
  name: "submit.throttled",
  point: "submit",
  question: "unavailable",
  summary: "over a quota that all submissions share: 429 with Retry-After, nothing accepted",
  settings: z.strictObject({
    quota: quotaSchema
      .prefault("5/s")
      .describe("A token bucket: `5/s`, `60/m` or `{ requests: 5, per: 1s }`"),
  }),
  onset: "attempt",
  quota: ({ quota }) => quota,
  accepts: (_, { ration }) => ration?.admitted ?? true,
  reply: (reply, { quota }, { ration }) =>
    ration === undefined || ration.admitted ? reply : quotaExceeded(reply, quota, ration),
  announces: (reply, { quota }, { ration }) => (ration ? withRateLimit(reply, quota, ration) : reply),
});
