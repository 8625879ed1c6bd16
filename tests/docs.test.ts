// Keeps the documentation true, as far as that needs no process: tests/e2e/docs.test.ts runs its commands.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { regionNames, renewRegions } from "../scripts/docs/regions.ts";
import { generatedTexts } from "../scripts/docs/texts.ts";
import { anchorsOf, fenceOf, localLinksOf, readPage, readPages } from "./docs/pages.ts";
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
    const found = pages.flatMap(({ text }) => regionNames(text));
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

it("the test with a partner in process is one that runs", () => {
  const shown = fenceOf(readPage("docs/control-api.md"), "ts payments.test.ts");
  const run = readFileSync(`${projectRoot}tests/library-example.test.ts`, "utf8");
  expect(shown).toBe(run.replace('"../src/index.ts"', '"neverfails"'));
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

describe("paths in the pages for contributors", () => {
  it.each(["docs/architecture.md", "CONTRIBUTING.md"])("of %s exist", (name) => {
    const paths = [...readPage(name).prose.matchAll(/`((?:src|tests|scripts|docs|bench)\/[\w./-]+)`/g)];
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.map(([, path = ""]) => path).filter((path) => !existsSync(join(projectRoot, path)))).toEqual(
      [],
    );
  });
});
