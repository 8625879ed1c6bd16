// The partner's outcomes and how often each comes: `{ approved: 90%, denied: 10% }`.
import * as z from "zod";

/** What a state of the system may mean besides an outcome; an outcome of that name could not be told from it. */
const TAKEN = ["pending", "attention"];
const SHARE = /^(\d+(?:\.\d+)?)\s*%$/;
/** Shares such as 33.3% leave a little over. */
const ROUNDING = 0.005;

const weightSchema = z
  .union([z.number().min(0), z.string().regex(SHARE, "expected a share such as 90%, or a number")])
  .meta({ description: "A share such as 90%, or a weight" });

type Weight = z.output<typeof weightSchema>;

export const outcomesSchema = z
  .record(z.string().min(1), weightSchema)
  .refine((weights) => Object.values(weights).some((weight) => weightOf(weight) !== 0), {
    error: "needs at least one outcome with a share above 0",
  })
  .refine((weights) => addsUp(Object.values(weights)), {
    error: "these shares do not make 100% together; weights without % may have any sum",
  })
  .refine((weights) => !Object.keys(weights).some((name) => TAKEN.includes(name)), {
    error: `${TAKEN.join(" and ")} are words for what the system does, not for an outcome`,
  })
  .transform((weights): [outcome: string, weight: number][] =>
    Object.entries(weights).map(([outcome, weight]) => [outcome, weightOf(weight)]),
  );

/** NaN for a text that is no share: that is told at its own place. */
function weightOf(weight: Weight): number {
  return typeof weight === "number" ? weight : Number(SHARE.exec(weight)?.[1]) / 100;
}

function addsUp(weights: readonly Weight[]): boolean {
  if (!weights.every((weight) => typeof weight === "string")) return true;
  // Nothing at all is another mistake.
  const sum = weights.reduce((total, weight) => total + weightOf(weight), 0);
  return sum === 0 || !(Math.abs(sum - 1) > ROUNDING * weights.length);
}
