// A fault that is added at run time: an entry as in a scenario, plus how long it is to live.
import type { z } from "zod";
import { formatPath } from "../../lib/data-path.ts";
import { durationSchema } from "../../lib/duration.ts";
import { explainIssues } from "../../lib/issues.ts";
import { isPerformedByRunner } from "../faults/fault.ts";
import { type FaultName, faultNamed, faultUseSchema } from "../faults/index.ts";
import type { FaultUse } from "../plan/schedule.ts";
import { type ControlMistake, invalid } from "./control-error.ts";

/** As it stands in a scenario; settings of the fault beside these. */
export interface FaultInput {
  fault: FaultName;
  /** `30s`: it is removed by itself after that. */
  ttl?: string;
  on?: string | number[];
  during?: string | { every: string; for: string };
  attempts?: number | string;
  [setting: string]: unknown;
}

export const ttlSchema = durationSchema
  .optional()
  .meta({ description: "Time to live, such as 30s: removed by itself after that" });

/** Throws ControlError (422) with every mistake. */
export function readFault(input: unknown): { use: FaultUse; ttlMs: number | undefined } {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw invalid([{ path: "", message: "expected a fault, such as { fault: callback.missing }" }]);
  }
  const { ttl, ...rest } = input as Record<string, unknown>;
  const use = faultUseSchema.safeParse(rest);
  const life = ttlSchema.safeParse(ttl);
  const mistakes = [
    ...mistakesOf(use, faultUseSchema, rest),
    ...mistakesOf(life, ttlSchema, ttl).map((mistake) => ({ ...mistake, path: "ttl" })),
  ];
  if (!use.success || !life.success) throw invalid(mistakes);
  const { fault } = use.data;
  if (isPerformedByRunner(faultNamed(fault).point)) {
    const message = `${fault} is no fault of the partner's: \`neverfails run\` performs it`;
    throw invalid([{ path: "fault", message }]);
  }
  if (use.data.on.kind === "where") {
    const message = "`where` needs a run: only its driver knows what was sent to start a transaction";
    throw invalid([
      { path: "on", message, hint: "name keys by order of arrival, such as first 3 or [1, 5]" },
    ]);
  }
  return { use: use.data, ttlMs: life.data };
}

/** What a schema finds wrong, with what was perhaps meant. */
export function mistakesOf(
  parsed: z.ZodSafeParseResult<unknown>,
  schema: z.ZodType,
  data: unknown,
): ControlMistake[] {
  if (parsed.success) return [];
  return explainIssues(parsed.error.issues, { schema, data }).map(({ path, message, hint }) => ({
    path: formatPath(path),
    message,
    ...(hint !== undefined && { hint }),
  }));
}

/** Parses, or throws ControlError (422) with every mistake. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, data: unknown): z.output<Schema> {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw invalid(mistakesOf(parsed, schema, data));
  return parsed.data;
}
