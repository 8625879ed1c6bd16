// Nothing is missing in the documentation, and nothing is named that does not exist: keys, faults, checks, commands, counts.
import { describe, expect, it } from "vitest";
import yargs, { type CommandModule } from "yargs";
import * as z from "zod";
import { checkCommand } from "../src/cli/check.ts";
import { demoCommand } from "../src/cli/demo.ts";
import { initCommand } from "../src/cli/init.ts";
import { judgeCommand } from "../src/cli/judge.ts";
import { listCommand } from "../src/cli/list.ts";
import { describeFaults } from "../src/cli/list-faults.ts";
import { replayCommand } from "../src/cli/replay.ts";
import { runCommand } from "../src/cli/run.ts";
import { serveCommand } from "../src/cli/serve.ts";
import { EXPECTATION_IDS, INVARIANT_IDS } from "../src/history/verdict.ts";
import { REPORTER_NAMES } from "../src/reports/reporters.ts";
import { configSchema } from "../src/scenarios/config-schema.ts";
import { SHIPPED } from "../src/scenarios/load/catalogue.ts";
import { loadScenarios } from "../src/scenarios/load/scenarios.ts";
import { scenarioSchema } from "../src/scenarios/scenario-schema.ts";
import { contractSchema } from "../src/simulator/contract/contract.ts";
import { FAULT_NAMES, faultNamed } from "../src/simulator/faults/catalogue.ts";
import { MUTATION_NAMES } from "../src/simulator/payload/catalogue.ts";
import { localLinksOf, type Page, readPage, readPages } from "./docs/pages.ts";

const pages = readPages();

describe("commands and options", () => {
  const commands: [name: string, command: CommandModule<object, never>][] = [
    ["check", checkCommand as CommandModule<object, never>],
    ["demo", demoCommand as CommandModule<object, never>],
    ["init", initCommand as CommandModule<object, never>],
    ["judge", judgeCommand as CommandModule<object, never>],
    ["list", listCommand as CommandModule<object, never>],
    ["replay", replayCommand as CommandModule<object, never>],
    ["run", runCommand as CommandModule<object, never>],
    ["serve", serveCommand as CommandModule<object, never>],
  ];
  const helpOf = (name: string, command: CommandModule<object, never>) =>
    new Promise<string>((resolve) => {
      void yargs()
        .command(command)
        .parse([name, "--help"], (_: unknown, __: unknown, text: string) => resolve(text));
    });

  it.each(pages.map((page) => [page.name, page] as const))("that %s names exist", async (_, page) => {
    const help = new Map(
      await Promise.all(
        commands.map(async ([name, command]) => [name, await helpOf(name, command)] as const),
      ),
    );
    expect(help.get("run")).toMatch(/--seed /);
    const calls = [...page.text.matchAll(/(?<=[`$ ]|^)neverfails ([a-z]+)([^`\n|#;]*)/gm)];
    const wrong = calls.flatMap(([call, name = "", rest = ""]) =>
      [...rest.matchAll(/(?<=\s)--([a-z][a-z-]*)/g)]
        .filter(([, option]) => !help.get(name)?.includes(`--${option} `))
        .map(([option]) => `${option} in "${call}"`),
    );
    expect(wrong).toEqual([]);
  });
});

/** Every property name in the JSON Schema of what users write. */
function keysOf(schema: z.ZodType): Set<string> {
  const keys = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [name, value] of Object.entries(node)) {
      if (name === "properties") for (const key of Object.keys(value)) keys.add(key);
      visit(value);
    }
  };
  visit(z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }));
  return keys;
}

/** Names that a page never shows as code. */
function unmentioned({ text }: Page, names: Iterable<string>): string[] {
  const codes = [...text.matchAll(/`([^`\n]+)`/g)].map(([, inside = ""]) => inside).join("\n");
  return [...names].filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(codes));
}

describe("completeness", () => {
  it("docs/configuration.md and docs/alerts.md mention every key of neverfails.yaml", () => {
    const both = { ...readPage("docs/configuration.md") };
    both.text += readPage("docs/alerts.md").text;
    expect(unmentioned(both, keysOf(configSchema))).toEqual([]);
  });

  it("docs/contract.md mentions every key of partner.yaml", () => {
    expect(unmentioned(readPage("docs/contract.md"), keysOf(contractSchema))).toEqual([]);
  });

  it("docs/scenarios.md mentions every key of a scenario but the settings of faults", () => {
    const settings = FAULT_NAMES.flatMap((name) => [...keysOf(faultNamed(name).settings)]);
    const keys = [...keysOf(scenarioSchema)].filter(
      (key) => ![...settings, "fault", "lognormal", "median", "p99"].includes(key),
    );
    expect(keys).toContain("during");
    expect(unmentioned(readPage("docs/scenarios.md"), keys)).toEqual([]);
  });

  it("docs/faults.md shows every fault, its settings and every mutation", () => {
    const settings = describeFaults().flatMap((fault) => fault.settings.map(({ name }) => name));
    expect(unmentioned(readPage("docs/faults.md"), [...FAULT_NAMES, ...settings, ...MUTATION_NAMES])).toEqual(
      [],
    );
  });

  it("docs/verdicts.md says of every fault when its onset is, or covers it by its point", () => {
    const onset = readPage("docs/verdicts.md");
    const others = FAULT_NAMES.filter((name) => !/^(connection|submit|status)\./.test(name));
    expect(unmentioned(onset, others)).toEqual([]);
  });

  it("docs/verdicts.md explains every expectation and every invariant", () => {
    expect(unmentioned(readPage("docs/verdicts.md"), [...EXPECTATION_IDS, ...INVARIANT_IDS])).toEqual([]);
  });

  it("docs/reports.md explains every reporter", () => {
    expect(unmentioned(readPage("docs/reports.md"), REPORTER_NAMES)).toEqual([]);
  });

  it("README.md leads to every page", () => {
    const links = localLinksOf(readPage("README.md"));
    for (const { name } of pages) if (name !== "README.md") expect(links).toContain(name);
  });

  it("counts are right wherever they are written", async () => {
    const shipped = await loadScenarios([SHIPPED]);
    const counts = {
      faults: FAULT_NAMES.length,
      mutations: MUTATION_NAMES.length,
      invariants: INVARIANT_IDS.length,
      scenarios: shipped.ok ? shipped.value.length : 0,
    };
    // What a version had when it was released stays as it was.
    const [unreleased = ""] = readPage("CHANGELOG.md").text.split("## 0.1.0");
    const written = [readPage("README.md").text, unreleased].flatMap((text) => [
      ...text.matchAll(/(?<!of |by )\b(\d+)(?: \[?(faults|mutations|invariants|scenarios))\b/g),
    ]);
    const wrong = written.filter(([, count, what]) => counts[what as keyof typeof counts] !== Number(count));
    expect(written.length).toBeGreaterThanOrEqual(6);
    expect(wrong.map(([text]) => text)).toEqual([]);
  });
});
