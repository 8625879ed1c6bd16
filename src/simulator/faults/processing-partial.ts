// processing.partial: of the work that was handed in, only a share is processed; the rest stays where it is.
import * as z from "zod";
import { defineFault } from "./fault.ts";

const SHARE = /^(\d{1,2}(?:\.\d+)?)\s*%$/;

export const processingPartial = defineFault({
  name: "processing.partial",
  point: "processing",
  question: "cannot-process",
  summary: "only a share of what was accepted is processed; the rest never is",
  settings: z.strictObject({
    share: z
      .string()
      .regex(SHARE, "expected a share below 100%, such as 50%")
      .transform((text) => Number(SHARE.exec(text)?.[1]) / 100)
      .prefault("50%")
      .describe("How much is processed, spread evenly over the transactions; the rest is stuck"),
  }),
  onset: "promise",
  process: (processing, { share }, { ordinal, dealing }) =>
    isLeftOut((dealing?.rank ?? ordinal - 1) + 1, 1 - share)
      ? { ...processing, takesMs: Number.POSITIVE_INFINITY }
      : processing,
});

/** Of every n transactions in a row that the fault is meant for, n times `left` are left out; `nth` is 1-based. */
function isLeftOut(nth: number, left: number): boolean {
  return Math.floor(nth * left) > Math.floor((nth - 1) * left);
}
