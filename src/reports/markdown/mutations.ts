// The coverage of payload mutations in the job summary: a row a field, every mutation by name.
import { fieldName, mutationsText } from "../summary/mutations.ts";
import type { Summary } from "../summary/summary.ts";
import { countOf } from "../summary/words.ts";
import { takeWithin } from "./bounded.ts";
import { escapeMarkdown } from "./escape.ts";

const MOST_BYTES = 50_000;
const LONGEST_FIELD = 80;

export function mutationTable({ mutations }: Summary): string {
  if (mutations === undefined) return "";
  const rows = mutations.fields.map((row) => {
    const cells = [row.survived, row.broke, row.notTried].map((names) =>
      names.map((name) => escapeMarkdown(name)).join(", "),
    );
    return `| ${escapeMarkdown(fieldName(row), LONGEST_FIELD)} | ${cells.map((cell) => cell || "–").join(" | ")} |`;
  });
  const { taken, left } = takeWithin(rows, MOST_BYTES);
  return [
    `<details><summary>Payload mutations: ${mutationsText(mutations)}</summary>`,
    "",
    "| Field | Survived | Broke | Not tried |",
    "| --- | --- | --- | --- |",
    ...taken,
    ...(left > 0 ? ["", `${countOf(left, "more field")} in run.json`] : []),
    "",
    "</details>",
  ].join("\n");
}
