// The exit codes of the command, and the one way to end with one.

export const EXIT = {
  passed: 0,
  failed: 1,
  usage: 2,
  inconclusive: 3,
  harness: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Sets the exit code and lets the process end by itself, so that piped output drains.
 * The gravest code wins when several are given: a harness failure is never overwritten by a pass.
 */
export function finish(code: ExitCode): void {
  const before = process.exitCode === undefined ? EXIT.passed : Number(process.exitCode);
  if (GRAVITY.indexOf(code) >= GRAVITY.indexOf(before as ExitCode)) process.exitCode = code;
}

const GRAVITY: readonly ExitCode[] = [
  EXIT.passed,
  EXIT.inconclusive,
  EXIT.failed,
  EXIT.usage,
  EXIT.interrupted,
  EXIT.harness,
];
