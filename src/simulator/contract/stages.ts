// Stages: the steps that a submission passes (received → in review → settled), each with its own time and callback.
import * as z from "zod";
import { delaySchema, longest } from "../../lib/delay.ts";

/** One step as others see it. The last one carries the result; those before it say that there is none yet. */
export interface Stage {
  readonly name: string;
  /** 1-based. */
  readonly position: number;
  /** How many the contract has. */
  readonly of: number;
}

/** Built from the contract's own schemas, so that a payload is one thing everywhere. */
export function stagesSchema(callback: {
  json: z.ZodType;
  headers: z.ZodType<Record<string, string>>;
  schema: z.ZodType;
}) {
  const stage = z.strictObject({
    name: z
      .string()
      .regex(/^[\w.-]{1,64}$/, "expected a name of letters, digits and ._-")
      .meta({
        description: "What `submission.stage` and `delivery.stage` say, and what faults name as `stage`",
      }),
    takes: delaySchema.meta({
      description: "From the stage before (the first: from acceptance) to this one",
    }),
    callback: z
      .strictObject({
        json: callback.json.optional(),
        headers: callback.headers.optional(),
        schema: callback.schema.optional(),
      })
      .optional()
      .meta({ description: "What is reported at this stage, where it is not what `callback` says" }),
  });
  return z
    .array(stage)
    .min(1)
    .max(20)
    .superRefine((stages, context) => {
      for (const [index, { name }] of stages.entries()) {
        if (stages.findIndex((other) => other.name === name) === index) continue;
        context.addIssue({ code: "custom", path: [index, "name"], message: "stands twice" });
      }
    })
    .meta({ description: "The steps up to the result, in order; the last one decides the outcome" });
}

/** Milliseconds that an honest partner takes at most: over all stages, or as `process.takes` says. */
export function longestProcess(
  takes: Parameters<typeof longest>[0],
  stages: readonly { takes: Parameters<typeof longest>[0] }[] | undefined,
): number {
  return stages ? stages.reduce((sum, stage) => sum + longest(stage.takes), 0) : longest(takes);
}

/** The stage of that position (1-based). */
export function stageAt(stages: readonly { name: string }[], position: number): Stage {
  const stage = stages[position - 1];
  if (!stage) throw new Error(`there is no stage ${position}`);
  return { name: stage.name, position, of: stages.length };
}

export function isFinal({ position, of }: Stage): boolean {
  return position === of;
}
