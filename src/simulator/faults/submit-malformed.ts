// submit.malformed: accepted, and the reply that says so comes in an unexpected format.
import * as z from "zod";
import { malformSettings } from "../payload/settings.ts";
import { defineFault } from "./fault.ts";
import { malformReply } from "./malformed-reply.ts";

export const submitMalformed = defineFault({
  name: "submit.malformed",
  point: "submit",
  question: "unexpected-format",
  summary: "accepted, but the reply that says so comes in an unexpected format",
  settings: z.strictObject(malformSettings),
  onset: "attempt",
  reply: malformReply,
});
