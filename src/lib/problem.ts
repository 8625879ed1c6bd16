// A mistake of the user's is a value: where, what, and what to do about it.

export interface Problem {
  file: string;
  /** 1-based; absent when the whole file is meant (missing, unreadable). */
  line?: number;
  column?: number;
  /** Dotted path inside the file, such as `faults[0].fault`. */
  path?: string;
  /** What is wrong and what was got. */
  message: string;
  /** What to do, such as `did you mean "callback.missing"?`. */
  hint?: string;
}

/** `file:line:column  path: message; hint`, the form that editors make clickable. */
export function formatProblem({ file, line, column, path, message, hint }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}  ${path ? `${path}: ` : ""}${message}${hint ? `; ${hint}` : ""}`;
}

/** What user-facing parsing returns: a value, or every problem found in one go. */
export type Result<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

/** A mistake of the user's that surfaces while things already run (a port in use, an unknown state). Exit code 2. */
export class UserError extends Error {
  readonly problems: Problem[];
  constructor(problems: Problem[], options?: ErrorOptions) {
    super(problems.map(formatProblem).join("\n"), options);
    this.name = "UserError";
    this.problems = problems;
  }
}
