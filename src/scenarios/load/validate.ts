// Holds a part of a source against a zod schema.
import type { z } from "zod";
import type { Result } from "../../lib/problem.ts";
import { issuesToProblems } from "./issues.ts";
import { lookup } from "./lookup.ts";
import type { Path, Source } from "./source.ts";

export interface ValidateOptions {
  source: Source;
  /** Where the value stands. Default: the whole file. */
  base?: Path;
  notYet?: Readonly<Record<string, string>>;
}

/** Every mistake of the part, or its parsed form. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  { source, base = [], notYet }: ValidateOptions,
): Result<z.output<Schema>> {
  const data = lookup(source.data, base);
  const parsed = schema.safeParse(data);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = issuesToProblems(parsed.error.issues, {
    source,
    base,
    schema,
    data,
    ...(notYet && { notYet }),
  });
  return { ok: false, problems };
}
