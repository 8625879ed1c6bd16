// submit.rejected: a good request is refused for good, because of a rule that nobody had understood.
import * as z from "zod";
import { problemReply } from "../pipeline/problem-details.ts";
import { defineFault } from "./fault.ts";

const problemSchema = z.looseObject({
  status: z.union([z.literal(400), z.literal(422)]).optional(),
  detail: z.string().optional(),
});

export const submitRejected = defineFault({
  name: "submit.rejected",
  point: "submit",
  question: "beyond-the-five",
  summary: "a good request is refused for good, with problem details; nothing was accepted",
  settings: z.strictObject({
    problem: problemSchema
      .optional()
      .describe(
        "The problem details (RFC 9457): `status` 400 or 422 (default), `type`, `title`, `detail`, further members",
      ),
  }),
  onset: "attempt",
  accepts: () => false,
  reply({ delayMs }, { problem = {} }) {
    const { status = 422, detail = "The request breaks a rule of ours.", ...more } = problem;
    return { ...problemReply(status, detail, more), delayMs };
  },
});
