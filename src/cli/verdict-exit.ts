// From the verdict of a run to the exit code that CI sees.
import type { RunRecord } from "../history/run-record.ts";
import { EXIT, type ExitCode } from "./exit.ts";

export function exitCodeOf(record: RunRecord, { allowInconclusive = false } = {}): ExitCode {
  if (record.interrupted) return EXIT.interrupted;
  switch (record.verdict) {
    case "passed":
      return EXIT.passed;
    case "failed":
      return EXIT.failed;
    case "inconclusive":
      return allowInconclusive ? EXIT.passed : EXIT.inconclusive;
    case "error":
      return EXIT.harness;
  }
}
