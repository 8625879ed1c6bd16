// status.malformed: the status comes in an unexpected format.
import * as z from "zod";
import { malformSettings } from "../payload/settings.ts";
import { defineFault } from "./fault.ts";
import { malformReply } from "./malformed-reply.ts";

export const statusMalformed = defineFault({
  name: "status.malformed",
  point: "status",
  question: "unexpected-format",
  summary: "the status comes in an unexpected format",
  settings: z.strictObject(malformSettings),
  onset: "poll",
  reply: malformReply,
});
