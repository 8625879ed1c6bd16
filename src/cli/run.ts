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
import { parseReporters, parseSelection, usageProblem } from "./run-options.ts";
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
      .option("config", { type: "string", default: "neverfails.yaml", describe: "The system under test" })
      .option("seed", { type: "string", describe: "Same seed, same faults; default: a new one, printed" })
      .option("workers", {
        type: "number",
        default: 2,
        describe: "Scenarios at once, each with its own instance",
      })
      .option("grep", { type: "string", describe: "Only ids or titles that match this regular expression" })
      .option("tag", {
        type: "string",
        array: true,
        default: [] as string[],
        describe: "Only scenarios with this tag",
      })
      .option("shard", { type: "string", describe: "i/n: the i-th of n slices" })
      .option("reporter", {
        type: "string",
        default: "terminal",
        describe: `What goes to stdout: ${REPORTER_NAMES.join(", ")}`,
      })
      .option("output", { type: "string", default: "reports", describe: "Folder for the run folders" })
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
        default: 1,
        describe: "Each scenario n times, every time with other dice",
      })
      .option("watch", {
        type: "boolean",
        default: false,
        describe: "Run again when a file beside the configuration changes",
      })
      .option("allow-inconclusive", { type: "string", describe: "Say why, and an inconclusive run exits 0" }),
  handler: async (args) => finish(args.watch ? await watchAndRepeat(args, runOnce) : await runOnce(args)),
};

/** One run from files to exit code. */
async function runOnce(args: RunArguments, signal?: AbortSignal): Promise<ExitCode> {
  const selection = parseSelection({ ...args, lastFailed: args["last-failed"] });
  const reporters = parseReporters(args.reporter);
  const counts = parseCounts(args);
  const loaded = await loadRun(args.config);
  if (!selection.ok || !reporters.ok || !counts.ok || !loaded.ok) {
    printProblems(
      [selection, reporters, counts, loaded].flatMap((result) => (result.ok ? [] : result.problems)),
    );
    return EXIT.usage;
  }
  const { config, scenarios, leftOut } = loaded.value;
  const chosen = selectScenarios(scenarios, selection.value);
  const wanted = selectScenarios(
    leftOut.map(({ scenario }) => scenario),
    selection.value,
  );
  for (const line of leftOutLines(leftOut, wanted)) process.stderr.write(`${line}\n`);
  if (chosen.length === 0) {
    process.stderr.write(
      `No scenario is selected; ${scenarios.length} exist. See: neverfails list scenarios\n`,
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
    ...(args["allow-inconclusive"] && { allowInconclusive: args["allow-inconclusive"] }),
    ...(signal && { signal }),
  });
}

function parseCounts({ workers, "repeat-each": repeats }: RunArguments) {
  const problems = Object.entries({ workers, "repeat-each": repeats }).flatMap(([name, value]) =>
    Number.isInteger(value) && value >= 1 && value <= 100
      ? []
      : [usageProblem(`--${name}`, `expected a whole number from 1 to 100, got ${value}`)],
  );
  return problems.length > 0 ? { ok: false as const, problems } : { ok: true as const, value: undefined };
}
