// neverfails replay <run|schedule>: the same resolved schedule again; says when other faults fired than were recorded.
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CommandModule } from "yargs";
import { readHistoryFile } from "../history/ndjson.ts";
import { divergence } from "../runner/suite/compare.ts";
import { type RunPlan, readRunPlan } from "../runner/suite/run-plan.ts";
import { EXIT, finish } from "./exit.ts";
import { loadRun } from "./load.ts";
import { printProblems } from "./output.ts";
import { play, printRecord } from "./play.ts";
import { joined, parseCounts, parseReporters, usageProblem } from "./run-options.ts";
import { exitCodeOf } from "./verdict-exit.ts";

interface ReplayArguments {
  run: string;
  config: string | undefined;
  workers: number;
  reporter: string;
  output: string;
}

export const replayCommand: CommandModule<object, ReplayArguments> = {
  command: "replay <run>",
  describe: "Play the recorded schedule of a run again",
  builder: (yargs) =>
    yargs
      .positional("run", {
        type: "string",
        demandOption: true,
        describe: "A folder under reports/, or its schedule.json",
      })
      .option("config", {
        type: "string",
        requiresArg: true,
        describe: "The system; default: the one of the recorded run",
      })
      .option("workers", { type: "number", requiresArg: true, default: 2, describe: "Scenarios at once" })
      .option("reporter", {
        coerce: joined,
        type: "string",
        requiresArg: true,
        default: "terminal",
        describe: "What goes to stdout",
      })
      .option("output", {
        type: "string",
        requiresArg: true,
        default: "reports",
        describe: "Folder for the run folders",
      }),
  async handler({ run, config, workers, reporter, output }) {
    const recorded = resolve(run);
    const plan = readRunPlan(recorded);
    const names = parseReporters(reporter);
    const counts = parseCounts({ workers });
    const loaded = plan.ok ? await loadRun(config ?? plan.value.config) : undefined;
    const missing =
      plan.ok && loaded?.ok ? unknownScenarios(plan.value, loaded.value.scenarios, recorded) : [];
    if (!plan.ok || !names.ok || !counts.ok || !loaded?.ok || missing.length > 0) {
      const results = [plan, names, counts, ...(loaded ? [loaded] : [])];
      printProblems([...results.flatMap((result) => (result.ok ? [] : result.problems)), ...missing]);
      finish(EXIT.usage);
      return;
    }
    const { schedules, seed } = plan.value;
    const scenarios = loaded.value.scenarios.filter(({ id }) => Object.hasOwn(schedules, id));
    const played = await play({
      config: loaded.value.config,
      scenarios,
      seed,
      workers,
      output: resolve(output),
      reporters: names.value,
      schedules: new Map(Object.entries(schedules)),
    });
    if ("code" in played) {
      finish(played.code);
      return;
    }
    const { record, folder, outcomes } = played.result;
    printRecord(record, names.value, folder.path);
    const diverged = outcomes.flatMap(({ record: { scenario, history: name }, history }) => {
      const before = name === undefined ? undefined : recordedHistory(recorded, name);
      const difference = before && divergence(before.events, history.events);
      return difference ? [`diverged  ${scenario.id}: ${describe(difference)}`] : [];
    });
    for (const line of diverged) process.stderr.write(`${line}\n`);
    const code = exitCodeOf(record);
    finish(diverged.length > 0 && code === EXIT.passed ? EXIT.inconclusive : code);
  },
};

function unknownScenarios(plan: RunPlan, scenarios: readonly { id: string }[], file: string) {
  if (Object.keys(plan.schedules).length === 0)
    return [usageProblem(file, "holds no schedule: no scenario of that run had ended")];
  const known = new Set(scenarios.map(({ id }) => id));
  return Object.values(plan.schedules)
    .filter(({ scenario }) => !known.has(scenario))
    .map(({ scenario }) => usageProblem(file, `the scenario "${scenario}" does not exist any more`));
}

function recordedHistory(run: string, name: string) {
  const folder = statSync(run).isDirectory() ? run : dirname(run);
  const file = join(folder, name);
  return existsSync(file) ? readHistoryFile(file) : undefined;
}

function describe({ missing, additional }: { missing: string[]; additional: string[] }): string {
  const parts = [
    missing.length > 0
      ? `${missing.length} recorded firings did not happen (${missing.slice(0, 3).join("; ")})`
      : "",
    additional.length > 0
      ? `${additional.length} happened that were not recorded (${additional.slice(0, 3).join("; ")})`
      : "",
  ];
  return `fault and transaction: ${parts.filter(Boolean).join(", ")}`;
}
