// Plays a suite for a person or a CI job: progress to stderr, reports to files, the result to stdout.
import { relative } from "node:path";
import type { RunRecord } from "../history/run-record.ts";
import { UserError } from "../lib/problem.ts";
import { type ReporterName, reporters } from "../reports/reporters.ts";
import { createProgress, type Progress } from "../reports/terminal/progress.ts";
import type { RunFolder } from "../runner/run-folder.ts";
import { runSuite, type SuiteHooks, type SuiteOptions, type SuiteResult } from "../runner/suite/suite.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { onInterrupt } from "./interrupt.ts";
import { printProblems, terminalOf } from "./output.ts";
import { exitCodeOf } from "./verdict-exit.ts";

export interface PlayOptions extends Omit<SuiteOptions, "signal" | "hooks"> {
  reporters: readonly ReporterName[];
  /** Why an inconclusive run is good enough. */
  allowInconclusive?: string;
  /** Ends it besides Ctrl-C. */
  signal?: AbortSignal;
}

export async function playSuite(options: PlayOptions): Promise<ExitCode> {
  const { allowInconclusive } = options;
  const played = await play(options);
  if ("code" in played) return played.code;
  const { record, folder } = played.result;
  printRecord(record, options.reporters, relative(process.cwd(), folder.path) || folder.path);
  if (allowInconclusive && record.verdict === "inconclusive") {
    process.stderr.write(`Inconclusive, and allowed: ${allowInconclusive}\n`);
  }
  return exitCodeOf(record, { allowInconclusive: allowInconclusive !== undefined });
}

/** Runs it and writes the report files; a mistake that shows only now is printed and becomes an exit code. */
export async function play(options: PlayOptions): Promise<{ result: SuiteResult } | { code: ExitCode }> {
  const { config, scenarios, seed } = options;
  const { isTTY, color } = terminalOf(process.stderr);
  using interrupt = onInterrupt((text) => void process.stderr.write(text));
  const signal = options.signal ? AbortSignal.any([options.signal, interrupt.signal]) : interrupt.signal;
  process.stderr.write(
    `${config.name}: ${scenarios.length} scenario${scenarios.length === 1 ? "" : "s"}, seed ${seed}\n`,
  );
  const progress = createProgress({
    stream: process.stderr,
    isTTY,
    color,
    total: scenarios.length * (options.repeatEach ?? 1),
  });
  try {
    const result = await runSuite({ ...options, signal, hooks: hooksOf(progress) });
    writeReports(result.record, result.folder);
    return { result };
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    printProblems(cause.problems, "the run was stopped");
    return { code: EXIT.usage };
  } finally {
    progress.close();
  }
}

export function printRecord(record: RunRecord, names: readonly ReporterName[], runFolder: string): void {
  const { color, width } = terminalOf(process.stdout);
  for (const name of names) process.stdout.write(reporters[name].render(record, { color, width, runFolder }));
}

function writeReports(record: RunRecord, folder: RunFolder): void {
  for (const { file, render } of Object.values(reporters)) {
    if (file !== undefined) folder.write(file, render(record, { color: false, width: 100 }));
  }
  folder.markLatest();
}

function hooksOf(progress: Progress): SuiteHooks {
  const nameOf = (id: string, repeat: number | undefined) =>
    repeat !== undefined && repeat > 1 ? `${id} #${repeat}` : id;
  return {
    onScenarioStart: ({ id }, repeat) => progress.onScenarioStart(nameOf(id, repeat)),
    onPhase: ({ id }, repeat, phase) => progress.onPhase(nameOf(id, repeat), phase),
    onScenarioEnd({ scenario: { id }, repeat, verdict: { verdict, reasons }, durationMs }) {
      const [reason] = reasons;
      progress.onScenarioEnd(nameOf(id, repeat), {
        verdict,
        durationMs,
        ...(reason !== undefined && { reason }),
      });
    },
  };
}
