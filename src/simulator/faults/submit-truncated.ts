// submit.truncated: accepted, and then the reply breaks off before the end that its Content-Length promises.
import * as z from "zod";
import type { Reply } from "../pipeline-values.ts";
import { defineFault } from "./fault.ts";

const SHARE = /^(\d+(?:\.\d+)?)\s*%$/;

export const submitTruncated = defineFault({
  name: "submit.truncated",
  point: "submit",
  question: "unexpected-format",
  summary: "accepted, but the reply breaks off in the middle of its body",
  settings: z.strictObject({
    keep: z
      .union([
        z.int().min(0),
        z
          .string()
          .refine((text) => shareOf(text) !== undefined, { error: "expected a share such as 50%, or bytes" }),
      ])
      .default("50%")
      .describe("What comes of the body: a share, or a number of bytes"),
  }),
  onset: "attempt",
  reply(reply, { keep }) {
    const bytes = lengthOf(reply);
    // What has no body cannot break off.
    if (bytes === 0) return reply;
    const wanted = typeof keep === "number" ? keep : Math.floor(bytes * (shareOf(keep) ?? 0));
    return { ...reply, ending: "close", keepBytes: Math.min(wanted, bytes - 1) };
  },
});

function shareOf(text: string): number | undefined {
  const share = Number(SHARE.exec(text.trim())?.[1]) / 100;
  return share >= 0 && share < 1 ? share : undefined;
}

function lengthOf({ body }: Reply): number {
  return typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
}
