// submit.lost-reply: the ledger has it, and then the connection breaks before the reply.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const submitLostReply = defineFault({
  name: "submit.lost-reply",
  point: "submit",
  question: "never-reports",
  summary: "accepted, but the reply never arrives",
  settings: z.strictObject({
    ending: z
      .enum(["reset", "close", "hang"])
      .default("reset")
      .describe("How it ends: RST, an orderly close, or nothing at all"),
  }),
  onset: "attempt",
  reply: (reply, { ending }) => ({ ...reply, ending }),
});
