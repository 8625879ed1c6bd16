// neverfails check: validates files and says every mistake at once; nothing is started.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CommandModule } from "yargs";
import type { Problem } from "../lib/problem.ts";
import { loadConfig } from "../scenarios/load/config.ts";
import { checkFile } from "../scenarios/load/files.ts";
import { loadScenarios } from "../scenarios/load/scenarios.ts";
import { displayName } from "../scenarios/load/source.ts";
import { type Assumption, formatAssumption } from "../scenarios/openapi/assumption.ts";
import type { Config } from "../scenarios/types.ts";
import { EXIT, type ExitCode, finish } from "./exit.ts";
import { findLeftOut, leftOutLines } from "./load.ts";
import { printProblems } from "./output.ts";

interface CheckArguments {
  files: string[];
  config: string;
}

export const checkCommand: CommandModule<object, CheckArguments> = {
  command: "check [files..]",
  describe: "Validate neverfails.yaml, partner.yaml and scenario files; exit 2 on a mistake",
  builder: (yargs) =>
    yargs
      .positional("files", {
        type: "string",
        array: true,
        default: [] as string[],
        describe: "Files of any of the three kinds; none means the configuration and all its scenarios",
      })
      .option("config", { type: "string", default: "neverfails.yaml", describe: "The system under test" }),
  handler: async ({ files, config }) =>
    finish(await (files.length > 0 ? checkFiles(files, config) : checkAll(config))),
};

/** The configuration, its contract and every scenario that would run. */
async function checkAll(path: string): Promise<ExitCode> {
  const config = await loadConfig(path);
  if (!config.ok) return report([], config.problems);
  const { file, partnerFile, scenarioSources, partnerAssumptions = [] } = config.value;
  const scenarios = await loadScenarios(scenarioSources, config.value);
  const good = [
    `ok  ${displayName(file)} (system "${config.value.name}")`,
    `ok  ${displayName(partnerFile ?? file)} (partner "${config.value.partner.name}")`,
    ...notesOn(partnerAssumptions),
  ];
  if (!scenarios.ok) return report(good, scenarios.problems);
  const leftOut = findLeftOut(scenarios.value, config.value);
  const played = scenarios.value.length - leftOut.length;
  return report([...good, `ok  ${played} scenarios`, ...leftOutLines(leftOut, scenarios.value)], []);
}

async function checkFiles(files: readonly string[], configPath: string): Promise<ExitCode> {
  const config = await configFor(configPath);
  const checked = await Promise.all(files.map((file) => checkFile(file, config)));
  const good = checked
    .filter(({ problems }) => problems.length === 0)
    .flatMap(({ name, kind, assumptions = [] }) => [`ok  ${name} (${kind})`, ...notesOn(assumptions)]);
  return report(
    good,
    checked.flatMap(({ problems }) => problems),
  );
}

/** What an OpenAPI document left open: no mistakes, but to be looked at. */
export function notesOn(assumptions: readonly Assumption[]): string[] {
  if (assumptions.length === 0) return [];
  const lines = assumptions.map((assumption) => `      ${formatAssumption(assumption)}`);
  return [
    "    assumed, because the OpenAPI document does not say; write the key to decide otherwise:",
    ...lines,
  ];
}

/** Scenarios are checked against the configuration where there is a good one; its own mistakes are not asked for here. */
async function configFor(path: string): Promise<Config | undefined> {
  if (!existsSync(resolve(path))) return undefined;
  const config = await loadConfig(path);
  return config.ok ? config.value : undefined;
}

function report(good: readonly string[], problems: readonly Problem[]): ExitCode {
  if (good.length > 0) process.stdout.write(`${good.join("\n")}\n`);
  if (problems.length === 0) return EXIT.passed;
  printProblems(problems);
  return EXIT.usage;
}
