// The mistakes that a schema finds in a part of a source, each with its place in the file.
import type { z } from "zod";
import { type IssuesOptions as Explaining, explainIssues } from "../../lib/issues.ts";
import type { Problem } from "../../lib/problem.ts";
import { type Path, problemAt, type Source } from "./source.ts";

export { didYouMean } from "../../lib/issues.ts";

export interface IssuesOptions extends Explaining {
  source: Source;
  /** Where in the source the validated value stands. */
  base: Path;
}

/** One problem per mistake. */
export function issuesToProblems(
  issues: readonly z.core.$ZodIssue[],
  { source, base, ...explaining }: IssuesOptions,
): Problem[] {
  return explainIssues(issues, explaining).map(({ path, message, hint, part }) =>
    problemAt(source, [...base, ...path], message, { hint, ...(part && { part }) }),
  );
}
