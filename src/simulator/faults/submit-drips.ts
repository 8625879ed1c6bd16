// submit.drips: accepted at once, and then the body of the reply comes byte by byte.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const submitDrips = defineFault({
  name: "submit.drips",
  point: "submit",
  question: "unavailable",
  summary: "accepted, but the reply comes a few bytes at a time",
  settings: z.strictObject({
    bytesPerSecond: z.number().positive().max(1_000_000).default(10).describe("How fast the body comes"),
  }),
  onset: "attempt",
  selfHealing: true,
  reply: (reply, { bytesPerSecond }) => ({ ...reply, bytesPerSecond }),
});
