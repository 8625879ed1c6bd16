// neverfails run: the suite against the system, its verdict on stdout, its evidence under reports/.
import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import type { CommandModule } from "yargs";
import { REPORTER_NAMES } from "../reports/reporters.ts";
import { selectScenarios } from "../runner/suite/select.ts";
import { EXIT, type ExitCode, finish } from "./exit.ts";
import { leftOutLines, loadRun } from "./load.ts";
import { printProblems } from "./output.ts";
import { playSuite } from "./play.ts";
import {
  joined,
  nothingFailed,
  parseCounts,
  parseReason,
  parseReporters,
  parseSelection,
  unmatchedProblems,
} from "./run-options.ts";
import { watchAndRepeat } from "./watch.ts";

interface RunArguments {
  pattern: string[];
  config: string;
  seed: string | undefined;
  workers: number;
  grep: string | undefined;
  tag: string[];
  shard: string | undefined;
  reporter: string;
  output: string;
  "fail-fast": boolean;
  "last-failed": boolean;
  "repeat-each": number;
  watch: boolean;
  "allow-inconclusive": string | undefined;
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: "run [pattern..]",
  describe: "Drive the system through the scenarios and judge it",
  builder: (yargs) =>
    yargs
      .positional("pattern", {
        type: "string",
        array: true,
        default: [] as string[],
        describe: "Ids, folders or globs of scenarios; none means all",
      })
      .option("config", {
        type: "string",
        requiresArg: true,
        default: "neverfails.yaml",
        describe: "The system under test",
      })
      .option("seed", {
        type: "string",
        requiresArg: true,
        describe: "Same seed, same faults; default: a new one, printed",
      })
      .option("workers", {
        type: "number",
        requiresArg: true,
        default: 2,
        describe: "Scenarios at once, each with its own instance",
      })
      .option("grep", {
        type: "string",
        requiresArg: true,
        describe: "Only ids or titles that match this regular expression",
      })
      .option("tag", {
        type: "string",
        requiresArg: true,
        array: true,
        default: [] as string[],
        describe: "Only scenarios with this tag",
      })
      .option("shard", { type: "string", requiresArg: true, describe: "i/n: the i-th of n slices" })
      .option("reporter", {
        coerce: joined,
        type: "string",
        requiresArg: true,
        default: "terminal",
        describe: `What goes to stdout: ${REPORTER_NAMES.join(", ")}`,
      })
      .option("output", {
        type: "string",
        requiresArg: true,
        default: "reports",
        describe: "Folder for the run folders",
      })
      .option("fail-fast", {
        type: "boolean",
        default: false,
        describe: "Stop after the first scenario that does not pass",
      })
      .option("last-failed", {
        type: "boolean",
        default: false,
        describe: "Only what did not pass in the latest run",
      })
      .option("repeat-each", {
        type: "number",
        requiresArg: true,
        default: 1,
        describe: "Each scenario n times, every time with other dice",
      })
      .option("watch", {
        type: "boolean",
        default: false,
        describe: "Run again when a file beside the configuration changes",
      })
      .option("allow-inconclusive", {
        type: "string",
        requiresArg: true,
        describe: "Say why, and an inconclusive run exits 0",
      }),
  handler: async (args) => finish(args.watch ? await watchAndRepeat(args, runOnce) : await runOnce(args)),
};

/** One run from files to exit code. */
async function runOnce(args: RunArguments, signal?: AbortSignal): Promise<ExitCode> {
  const selection = parseSelection({ ...args, lastFailed: args["last-failed"] });
  const reporters = parseReporters(args.reporter);
  const counts = parseCounts({ workers: args.workers, "repeat-each": args["repeat-each"] });
  const reason = parseReason(args["allow-inconclusive"]);
  const loaded = await loadRun(args.config);
  if (!selection.ok || !reporters.ok || !counts.ok || !reason.ok || !loaded.ok) {
    printProblems(
      [selection, reporters, counts, reason, loaded].flatMap((result) => (result.ok ? [] : result.problems)),
    );
    return EXIT.usage;
  }
  const { config, scenarios, leftOut } = loaded.value;
  const unmatched = unmatchedProblems(
    [...scenarios, ...leftOut.map(({ scenario }) => scenario)],
    selection.value,
  );
  if (unmatched.length > 0) {
    printProblems(unmatched);
    return EXIT.usage;
  }
  const chosen = selectScenarios(scenarios, selection.value);
  const wanted = selectScenarios(
    leftOut.map(({ scenario }) => scenario),
    selection.value,
  );
  for (const line of leftOutLines(leftOut, wanted)) process.stderr.write(`${line}\n`);
  if (chosen.length === 0) {
    process.stderr.write(
      nothingFailed(selection.value)
        ? "Nothing failed in the latest run, so there is nothing to run again.\n"
        : `No scenario is selected; ${scenarios.length} exist. See: neverfails list scenarios\n`,
    );
    return EXIT.usage;
  }
  return playSuite({
    config,
    configName: args.config,
    scenarios: chosen,
    seed: args.seed ?? String(randomInt(1, 1_000_000)),
    workers: args.workers,
    output: resolve(args.output),
    failFast: args["fail-fast"],
    repeatEach: args["repeat-each"],
    reporters: reporters.value,
    ...(reason.value !== undefined && { allowInconclusive: reason.value }),
    ...(signal && { signal }),
  });
}
