// What a command knows about the terminal it prints to. stdout carries the result, stderr the progress.
import { formatProblem, type Problem } from "../lib/problem.ts";

export interface Terminal {
  isTTY: boolean;
  color: boolean;
  width: number;
}

/** NO_COLOR and FORCE_COLOR as no-color.org and force-color.org say; otherwise colour where a person looks. */
export function terminalOf(stream: NodeJS.WriteStream): Terminal {
  const { NO_COLOR, FORCE_COLOR, TERM, CI } = process.env;
  const isTTY = Boolean(stream.isTTY) && TERM !== "dumb";
  const color = NO_COLOR ? false : FORCE_COLOR ? FORCE_COLOR !== "0" : isTTY;
  return { isTTY: isTTY && !CI, color, width: Math.min(Math.max(stream.columns || 100, 60), 140) };
}

/** `when`: what the mistakes prevented. */
export function printProblems(
  problems: readonly Problem[],
  when: "nothing was started" | "nothing was written" | "the run was stopped" = "nothing was started",
): void {
  const count = problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`;
  process.stderr.write(`${problems.map(formatProblem).join("\n")}\n\n${count}; ${when}.\n`);
}
