// payload.malformed: the result comes in an unexpected format.
import { z } from "zod";
import { MUTATION_NAMES } from "../payload/catalogue.ts";
import { malform } from "../payload/malform.ts";
import { defineFault } from "./fault.ts";

export const payloadMalformed = defineFault({
  name: "payload.malformed",
  point: "payload",
  question: "unexpected-format",
  summary: "the result comes in an unexpected format",
  settings: z.strictObject({
    mutation: z
      .enum(MUTATION_NAMES)
      .optional()
      .describe(
        "What is wrong with it; default: every mutation that applies, dealt out over the transactions",
      ),
    field: z
      .string()
      .min(1)
      .optional()
      .describe("Dotted path in the body; default: a field that the mutation applies to"),
  }),
  onset: "delivery",
  mutate: malform,
});
