// Keeps the documentation true, as far as that needs no process: tests/e2e/docs.test.ts runs its commands.
import { existsSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { renewRegions } from "../scripts/docs/regions.ts";
import { generatedTexts } from "../scripts/docs/texts.ts";
import { describeFaults } from "../src/cli/list-faults.ts";
import { EXPECTATION_IDS, INVARIANT_IDS } from "../src/history/verdict.ts";
import { REPORTER_NAMES } from "../src/reports/reporters.ts";
import { configSchema } from "../src/scenarios/config-schema.ts";
import { SHIPPED } from "../src/scenarios/load/catalogue.ts";
import { loadScenarios } from "../src/scenarios/load/scenarios.ts";
import { scenarioSchema } from "../src/scenarios/scenario-schema.ts";
import { contractSchema } from "../src/simulator/contract/contract.ts";
import { FAULT_NAMES } from "../src/simulator/faults/catalogue.ts";
import { MUTATION_NAMES } from "../src/simulator/payload/catalogue.ts";
import { anchorsOf, localLinksOf, type Page, readPage, readPages } from "./docs/pages.ts";
import { problemsOf } from "./docs/yaml-blocks.ts";
import { projectRoot } from "./support/cli.ts";

const pages = readPages();
const EXAMPLES = [
  "examples/README.md",
  "examples/acme-clearinghouse/README.md",
  "examples/one-day-integration/README.md",
  "examples/python-orders/README.md",
  "examples/trustworthy-integration/README.md",
];

describe("the generated parts", () => {
  it.each(pages.map((page) => [page.name, page] as const))(
    "of %s are what the code says",
    async (_, page) => {
      expect(page.text).toBe(renewRegions(page.text, await generatedTexts()));
    },
  );

  it("stand in the pages that are named for them", async () => {
    const found = pages.flatMap(({ text }) =>
      [...text.matchAll(/<!-- generated: (\S+), /g)].map((match) => match[1]),
    );
    expect(found.sort()).toEqual(Object.keys(await generatedTexts()).sort());
  });
});

describe("YAML blocks", () => {
  const blocks = pages.flatMap(({ name, fences }) =>
    fences
      .filter(({ language, about }) => language === "yaml" && !about.startsWith("."))
      .map((fence) => [`${name}:${fence.line}`, fence] as const),
  );

  it.each(blocks)("at %s say what they are and have no mistakes", async (_, fence) => {
    expect(await problemsOf(fence)).toEqual([]);
  });

  it("exist for each kind of file", () => {
    const kinds = new Set(blocks.map(([, { about }]) => about.split(",")[0]));
    expect([...kinds].sort()).toEqual(["neverfails.yaml", "partner.yaml", "scenario"]);
  });

  it("with a mistake would be found", async () => {
    const fence = {
      language: "yaml",
      about: "scenario, in part",
      text: "faults: [{ fault: callback.mising }]\n",
      line: 1,
    };
    expect(await problemsOf(fence)).toEqual([expect.stringMatching(/did you mean "callback.missing"/)]);
  });
});

describe("links", () => {
  it.each([...pages, ...EXAMPLES.map(readPage)].map((page) => [page.name, page] as const))(
    "of %s lead to files and headings that exist",
    (name, page) => {
      const broken = localLinksOf(page).filter((target) => {
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? name : normalize(join(dirname(name), path));
        if (!existsSync(join(projectRoot, file))) return true;
        return anchor !== undefined && !anchorsOf(readPage(relative(".", file))).includes(anchor);
      });
      expect(broken).toEqual([]);
    },
  );
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
    const settings = describeFaults().flatMap((fault) => fault.settings.map(({ name }) => name));
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
    const written = ["README.md", "CHANGELOG.md"].flatMap((name) => [
      ...readPage(name).text.matchAll(
        /(?<!of |by )\b(\d+)(?: \[?(faults|mutations|invariants|scenarios))\b/g,
      ),
    ]);
    const wrong = written.filter(([, count, what]) => counts[what as keyof typeof counts] !== Number(count));
    expect(written.length).toBeGreaterThanOrEqual(6);
    expect(wrong.map(([text]) => text)).toEqual([]);
  });
});
