// submit.unavailable: the partner says that it is down for now, with or without a word on when to come back.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { problemReply } from "../pipeline/problem-details.ts";
import { defineFault } from "./fault.ts";

export const submitUnavailable = defineFault({
  name: "submit.unavailable",
  point: "submit",
  question: "unavailable",
  summary: "the partner answers 503 and accepts nothing",
  settings: z.strictObject({
    status: z.int().min(500).max(599).default(503).describe("The HTTP status"),
    retryAfter: durationSchema.optional().describe("Sends Retry-After, rounded up to whole seconds"),
    retryAfterAs: z.enum(["seconds", "date"]).default("seconds").describe("The form of Retry-After"),
    body: z.string().optional().describe("The body, as plain text; default: problem+json"),
  }),
  onset: "attempt",
  accepts: () => false,
  reply(reply, { status, retryAfter, retryAfterAs, body }, { wallMs }) {
    const said =
      body === undefined
        ? { ...problemReply(status, "The service is temporarily unavailable."), delayMs: reply.delayMs }
        : { ...reply, status, body, headers: { "content-type": "text/plain; charset=utf-8" } };
    if (retryAfter === undefined) return said;
    const value =
      retryAfterAs === "date" ? httpDate((wallMs ?? 0) + retryAfter) : String(Math.ceil(retryAfter / 1_000));
    return { ...said, headers: { ...said.headers, "retry-after": value } };
  },
});

/** IMF-fixdate (RFC 9110, 5.6.7), rounded up to the next whole second so that it never allows less than was asked. */
function httpDate(unixMs: number): string {
  return new Date(Math.ceil(unixMs / 1_000) * 1_000).toUTCString();
}
