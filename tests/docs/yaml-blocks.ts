// YAML blocks of the documentation, held against the loaders. A block says what it is: "neverfails.yaml", "partner.yaml"
// or "scenario", and "in part" when its keys stand for those of the example in README.md.
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { formatProblem, type Result } from "../../src/lib/problem.ts";
import { loadConfig } from "../../src/scenarios/load/config.ts";
import { loadContract } from "../../src/scenarios/load/contract.ts";
import { loadScenarios } from "../../src/scenarios/load/scenarios.ts";
import { folderWith } from "../support/files.ts";
import { type Fence, fenceOf, readPage } from "./pages.ts";

/** The example of README.md: name of the file → its text. */
export function shopFiles(): Record<string, string> {
  const readme = readPage("README.md");
  return {
    "server.mjs": fenceOf(readme, "js server.mjs"),
    "partner.yaml": fenceOf(readme, "yaml partner.yaml"),
    "neverfails.yaml": fenceOf(readme, "yaml neverfails.yaml"),
  };
}

/** Beside the example: the files that blocks name. */
const NEARBY = {
  "payment.schema.json": '{ "type": "object" }',
  "result.schema.json": '{ "type": "object" }',
  "docs/runbook.md": "# Runbook\n",
  "more-scenarios/own.yaml": "title: Own\n",
};

const BASE_SCENARIO =
  "title: T\nfaults: [{ fault: callback.missing }]\nexpect: { recovers: { within: 8s } }\n";

/** What is wrong with a block; empty when it is good, undefined when it does not say what it is. */
export async function problemsOf({ about, text }: Fence): Promise<string[] | undefined> {
  const [kind = "", part] = about.split(", ");
  const shop = shopFiles();
  const whole = (base: string) => (part === "in part" ? merged(base, text) : text);
  const folder = (files: Record<string, string>) => folderWith({ ...shop, ...NEARBY, ...files });
  switch (kind) {
    case "neverfails.yaml": {
      const files = { "neverfails.yaml": whole(shop["neverfails.yaml"] ?? "") };
      return said(await loadConfig(join(folder(files), "neverfails.yaml")));
    }
    case "partner.yaml":
      return said(
        await loadContract(
          join(folder({ "partner.yaml": whole(shop["partner.yaml"] ?? "") }), "partner.yaml"),
        ),
      );
    case "scenario":
      return said(
        await loadScenarios([join(folder({ "scenario.yaml": whole(BASE_SCENARIO) }), "scenario.yaml")]),
      );
    default:
      return undefined;
  }
}

function said(result: Result<unknown>): string[] {
  return result.ok ? [] : result.problems.map(formatProblem);
}

/** The base with the part's top-level keys in place of its own. */
function merged(base: string, part: string): string {
  return stringify({ ...parse(base), ...parse(part) });
}
