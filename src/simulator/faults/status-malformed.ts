// status.malformed: the status comes in an unexpected format.
import { z } from "zod";
import { defineFault } from "./fault.ts";
import { MALFORMED_SETTINGS, malformReply } from "./malformed-reply.ts";

export const statusMalformed = defineFault({
  name: "status.malformed",
  point: "status",
  question: "unexpected-format",
  summary: "the status comes in an unexpected format",
  settings: z.strictObject(MALFORMED_SETTINGS),
  onset: "poll",
  reply: malformReply,
});
