// Options of `run` that need more than yargs: regular expressions, shards, reporters, the failed ones of last time.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunRecord } from "../history/run-record.ts";
import type { Problem, Result } from "../lib/problem.ts";
import { suggest } from "../lib/suggest.ts";
import { isReporterName, REPORTER_NAMES, type ReporterName } from "../reports/reporters.ts";
import { parseShard, type Selection } from "../runner/suite/select.ts";

export interface SelectionArguments {
  pattern: string[];
  grep: string | undefined;
  tag: string[];
  shard: string | undefined;
  lastFailed: boolean;
  output: string;
}

export function parseSelection(args: SelectionArguments): Result<Selection> {
  const { pattern, grep, tag, shard, lastFailed, output } = args;
  const expression = grep === undefined ? undefined : parseGrep(grep);
  const slice = shard === undefined ? undefined : parseShard(shard);
  const only = lastFailed ? failedLastTime(output) : undefined;
  const problems = [
    ...(expression === null ? [usageProblem("--grep", `"${grep}" is no regular expression`)] : []),
    ...(shard !== undefined && !slice
      ? [usageProblem("--shard", `expected i/n with 1 <= i <= n, got "${shard}"`)]
      : []),
    ...(only === null
      ? [
          usageProblem(
            "--last-failed",
            `there is no readable ${join(output, "latest", "run.json")}; run once without it`,
          ),
        ]
      : []),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    value: {
      patterns: pattern,
      tags: tag,
      ...(expression && { grep: expression }),
      ...(slice && { shard: slice }),
      ...(only && { only }),
    },
  };
}

export function parseReporters(text: string): Result<ReporterName[]> {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !isReporterName(name));
  if (unknown.length === 0) return { ok: true, value: names.filter(isReporterName) };
  const problems = unknown.map((name) => {
    const near = suggest(name, REPORTER_NAMES);
    const hint = near ? `did you mean "${near}"?` : `there are ${REPORTER_NAMES.join(", ")}`;
    return usageProblem("--reporter", `unknown reporter "${name}"`, hint);
  });
  return { ok: false, problems };
}

export function usageProblem(file: string, message: string, hint?: string): Problem {
  return { file, message, ...(hint !== undefined && { hint }) };
}

/** null: it does not parse. */
function parseGrep(text: string): RegExp | null {
  try {
    return new RegExp(text, "i");
  } catch {
    return null;
  }
}

/** Ids that did not pass or were not run in the latest run; null when there is none. */
function failedLastTime(output: string): Set<string> | null {
  const file = join(output, "latest", "run.json");
  if (!existsSync(file)) return null;
  try {
    const { scenarios, notRun } = JSON.parse(readFileSync(file, "utf8")) as RunRecord;
    const failed = scenarios
      .filter(({ verdict }) => verdict.verdict !== "passed")
      .map(({ scenario }) => scenario.id);
    return new Set([...failed, ...notRun]);
  } catch {
    return null;
  }
}
