// submit.malformed: accepted, and the reply that says so comes in an unexpected format.
import { z } from "zod";
import { defineFault } from "./fault.ts";
import { MALFORMED_SETTINGS, malformReply } from "./malformed-reply.ts";

export const submitMalformed = defineFault({
  name: "submit.malformed",
  point: "submit",
  question: "unexpected-format",
  summary: "accepted, but the reply that says so comes in an unexpected format",
  settings: z.strictObject(MALFORMED_SETTINGS),
  onset: "attempt",
  reply: malformReply,
});
