// neverfails list: the catalogues of scenarios, faults and invariants, as tables or as JSON.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CommandModule } from "yargs";
import type { Result } from "../lib/problem.ts";
import { invariants } from "../runner/judge/invariants/index.ts";
import { SHIPPED } from "../scenarios/load/catalogue.ts";
import { loadConfig } from "../scenarios/load/config.ts";
import { loadScenarios } from "../scenarios/load/scenarios.ts";
import { headingOf } from "../scenarios/questions.ts";
import type { Scenario } from "../scenarios/types.ts";
import { EXIT, type ExitCode, finish } from "./exit.ts";
import { describeFaults, type ListedFault } from "./list-faults.ts";
import { printProblems, terminalOf } from "./output.ts";
import { table } from "./table.ts";

const CATALOGUES = ["scenarios", "faults", "invariants"] as const;

interface ListArguments {
  what: (typeof CATALOGUES)[number];
  json: boolean;
  config: string;
}

export const listCommand: CommandModule<object, ListArguments> = {
  command: "list [what]",
  describe: "Show the catalogue of scenarios, faults or invariants",
  builder: (yargs) =>
    yargs
      .positional("what", { choices: CATALOGUES, default: "scenarios" as const, describe: "What to show" })
      .option("json", { type: "boolean", default: false, describe: "As JSON" })
      .option("config", {
        type: "string",
        default: "neverfails.yaml",
        describe: "Lists its own scenarios too",
      }),
  handler: async (args) => finish(await list(args)),
};

async function list({ what, json, config }: ListArguments): Promise<ExitCode> {
  const { width } = terminalOf(process.stdout);
  switch (what) {
    case "scenarios": {
      const scenarios = await findScenarios(config);
      if (!scenarios.ok) {
        printProblems(scenarios.problems);
        return EXIT.usage;
      }
      print(json ? asJson(scenarios.value.map(describeScenario)) : scenarioLines(scenarios.value, width));
      return EXIT.passed;
    }
    case "faults": {
      const faults = describeFaults();
      print(json ? asJson(faults) : faultLines(faults, width));
      return EXIT.passed;
    }
    case "invariants": {
      const rows = Object.entries(invariants).map(([id, { summary, brokenBy }]) => ({
        id,
        summary,
        brokenBy,
      }));
      const lines = rows.map(({ id, summary, brokenBy }) => [id, `${summary}. Broken by: ${brokenBy}.`]);
      print(json ? asJson(rows) : table(lines, width));
      return EXIT.passed;
    }
  }
}

/** Those that a run would choose from: the configuration's where there is one, the shipped ones otherwise. */
async function findScenarios(path: string): Promise<Result<Scenario[]>> {
  if (!existsSync(resolve(path))) return loadScenarios([SHIPPED]);
  const config = await loadConfig(path);
  return config.ok ? loadScenarios(config.value.scenarioSources, config.value) : config;
}

function describeScenario({ id, title, asks, tags, faults, expect }: Scenario) {
  return {
    id,
    title,
    ...(asks !== undefined && { asks }),
    tags,
    faults: faults.map(({ fault }) => fault),
    expect,
  };
}

function scenarioLines(scenarios: readonly Scenario[], width: number): string[] {
  const idWidth = Math.max(...scenarios.map(({ id }) => id.length));
  const folderOf = ({ id }: Scenario) => (id.includes("/") ? (id.split("/")[0] ?? "") : "");
  const folders = [...new Set(scenarios.map(folderOf))];
  return folders.flatMap((folder) => [
    ...(folder === "" ? [] : ["", headingOf(folder)]),
    ...table(
      scenarios
        .filter((scenario) => folderOf(scenario) === folder)
        .map(({ id, title }) => [`  ${id}`.padEnd(idWidth + 2), title]),
      width,
    ),
  ]);
}

function faultLines(faults: readonly ListedFault[], width: number): string[] {
  const nameWidth = Math.max(...faults.map(({ name }) => name.length));
  const questions = [...new Set(faults.map(({ question }) => question))];
  return questions.flatMap((question, i) => [
    ...(i === 0 ? [] : [""]),
    headingOf(question),
    ...table(
      faults
        .filter((fault) => fault.question === question)
        .map(({ name, summary, settings }) => [
          `  ${name}`.padEnd(nameWidth + 2),
          settings.length === 0
            ? summary
            : `${summary} [${settings.map((setting) => setting.name).join(", ")}]`,
        ]),
      width,
    ),
  ]);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

function asJson(value: unknown): string[] {
  return [JSON.stringify(value, null, 2)];
}
