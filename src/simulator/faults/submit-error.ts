// submit.error: any status with any body, HTML included; the partner may have accepted the request all the same.
import * as z from "zod";
import { HEADER_VALUE } from "../../lib/header-text.ts";
import { problemReply } from "../pipeline/problem-details.ts";
import { defineFault } from "./fault.ts";

export const submitError = defineFault({
  name: "submit.error",
  point: "submit",
  question: "unavailable",
  summary: "the partner answers with an error of your choice",
  settings: z.strictObject({
    status: z.int().min(200).max(599).default(500).describe("The HTTP status"),
    body: z.string().optional().describe("The body as it is sent; default: problem+json"),
    contentType: z
      .string()
      .min(1)
      .regex(HEADER_VALUE, "expected what a header may hold: visible Latin-1 characters and spaces")
      .optional()
      .describe("Default: text/html for a body that begins with <, else text/plain"),
    accepted: z.boolean().default(false).describe("True: the ledger has it all the same"),
  }),
  onset: "attempt",
  accepts: ({ accepted }) => accepted,
  reply(reply, { status, body, contentType }) {
    if (body === undefined) {
      const problem = problemReply(status, "The request failed.");
      const headers = contentType === undefined ? problem.headers : { "content-type": contentType };
      return { ...problem, headers, delayMs: reply.delayMs };
    }
    return { ...reply, status, body, headers: { "content-type": contentType ?? guessType(body) } };
  },
});

function guessType(body: string): string {
  return `${body.trimStart().startsWith("<") ? "text/html" : "text/plain"}; charset=utf-8`;
}
