// The partner's outcomes and how often each comes: `{ approved: 90%, denied: 10% }`.
import * as z from "zod";

/** What a state of the system may mean besides an outcome; an outcome of that name could not be told from it. */
const TAKEN = ["pending", "attention"];
const SHARE = /^(\d+(?:\.\d+)?)\s*%$/;

const weightSchema = z
  .union([
    z.number().min(0),
    z
      .string()
      .regex(SHARE, "expected a share such as 90%, or a number")
      .transform((text) => Number(SHARE.exec(text)?.[1]) / 100),
  ])
  .meta({ description: "A share such as 90%, or a weight" });

export const outcomesSchema = z
  .record(z.string().min(1), weightSchema)
  .refine((weights) => Object.values(weights).some((weight) => weight > 0), {
    error: "needs at least one outcome with a share above 0",
  })
  .refine((weights) => !Object.keys(weights).some((name) => TAKEN.includes(name)), {
    error: `${TAKEN.join(" and ")} are words for what the system does, not for an outcome`,
  })
  .transform((weights): [outcome: string, weight: number][] => Object.entries(weights));
