// Options of `run` that need more than yargs: regular expressions, shards, reporters, the failed ones of last time.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunRecord } from "../history/run-record.ts";
import type { Problem, Result } from "../lib/problem.ts";
import { suggest } from "../lib/suggest.ts";
import { isReporterName, REPORTER_NAMES, type ReporterName } from "../reports/reporters.ts";
import { matches, parseShard, type Selection } from "../runner/suite/select.ts";
import type { Scenario } from "../scenarios/types.ts";

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

/** `--reporter a --reporter b` says the same as `--reporter a,b`. */
export function joined(value: string | string[]): string {
  return Array.isArray(value) ? value.join(",") : value;
}

/** Whole numbers from 1 to 100, by the names of their options. */
export function parseCounts(counts: Readonly<Record<string, number>>): Result<undefined> {
  const problems = Object.entries(counts).flatMap(([name, value]) =>
    Number.isInteger(value) && value >= 1 && value <= 100
      ? []
      : [usageProblem(`--${name}`, `expected a whole number from 1 to 100, got ${value}`)],
  );
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: undefined };
}

/** Undefined options are left to whoever asks; 0 means any free port. */
export function parsePorts(ports: Readonly<Record<string, number | undefined>>): Result<undefined> {
  const problems = Object.entries(ports).flatMap(([name, value]) =>
    value === undefined || (Number.isInteger(value) && value >= 0 && value <= 65_535)
      ? []
      : [usageProblem(`--${name}`, `expected a port from 0 to 65535, got ${value}`)],
  );
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: undefined };
}

/** Whoever lets an inconclusive run pass says why; an unset variable is no reason. */
export function parseReason(text: string | undefined): Result<string | undefined> {
  if (text === undefined || text.trim() !== "") return { ok: true, value: text };
  return { ok: false, problems: [usageProblem("--allow-inconclusive", "say why: the reason is empty")] };
}

/** Each pattern and each tag has to find something: one that is mistyped would make the run smaller, and green. */
export function unmatchedProblems(scenarios: readonly Scenario[], { patterns, tags }: Selection): Problem[] {
  const ids = scenarios.flatMap(({ id }) => [id, ...id.split("/")]);
  const ownTags = scenarios.flatMap((scenario) => scenario.tags);
  return [
    ...patterns
      .filter((pattern) => !scenarios.some(({ id }) => matches(id, pattern)))
      .map((pattern) => unmatched("pattern", pattern, ids, "neverfails list scenarios")),
    ...tags
      .filter((tag) => !ownTags.includes(tag))
      .map((tag) => unmatched("--tag", tag, ownTags, "neverfails list scenarios")),
  ];
}

function unmatched(option: string, text: string, known: readonly string[], list: string): Problem {
  const near = suggest(text, [...new Set(known)]);
  return usageProblem(
    option,
    `"${text}" matches no scenario`,
    near ? `did you mean "${near}"?` : `see: ${list}`,
  );
}

/** True when only the failed ones were asked for, and there are none. */
export function nothingFailed({ only }: Selection): boolean {
  return only?.size === 0;
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
