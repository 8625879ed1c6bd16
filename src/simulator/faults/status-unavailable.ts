// status.unavailable: asking is answered with an error.
import * as z from "zod";
import { problemReply } from "../pipeline/problem-details.ts";
import { defineFault } from "./fault.ts";

export const statusUnavailable = defineFault({
  name: "status.unavailable",
  point: "status",
  question: "never-reports",
  summary: "status requests are answered 503",
  settings: z.strictObject({
    status: z.int().min(400).max(599).default(503).describe("The HTTP status"),
  }),
  onset: "poll",
  reply: ({ delayMs }, { status }) => ({
    ...problemReply(status, "The status cannot be read at the moment."),
    delayMs,
  }),
});
