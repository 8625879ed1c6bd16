// The shipped scenarios as Markdown, from their files: docs/scenarios.md.
import { SHIPPED } from "../../src/scenarios/load/catalogue.ts";
import { loadScenarios } from "../../src/scenarios/load/scenarios.ts";
import { headingOf } from "../../src/scenarios/questions.ts";
import type { Scenario } from "../../src/scenarios/types.ts";
import { code, markdownTable } from "./markdown.ts";

export async function catalogueTables(): Promise<string> {
  const loaded = await loadScenarios([SHIPPED]);
  if (!loaded.ok) throw new Error("the shipped scenarios have mistakes: run neverfails check");
  const folders = [...new Set(loaded.value.map(folderOf))];
  return folders
    .map((folder) => {
      const rows = loaded.value.filter((scenario) => folderOf(scenario) === folder).map(row);
      const table = markdownTable(["id", "what happens", "faults", "expects"], rows);
      return folder === "" ? table : `### ${headingOf(folder)}\n\n${table}`;
    })
    .join("\n\n");
}

function folderOf({ id }: Scenario): string {
  return id.includes("/") ? (id.split("/")[0] ?? "") : "";
}

function row({ id, title, faults, expect }: Scenario): string[] {
  const names = faults.map(({ fault }) => code(fault)).join(", ") || "none";
  return [code(id), title, names, Object.keys(expect).map(code).join(", ")];
}
