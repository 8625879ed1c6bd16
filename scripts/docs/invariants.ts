// The invariants as Markdown, from the code: docs/verdicts.md.
import { invariants } from "../../src/runner/judge/invariants/index.ts";
import { code, markdownTable } from "./markdown.ts";

export function invariantTable(): string {
  const rows = Object.entries(invariants).map(([id, { summary, brokenBy }]) => [code(id), summary, brokenBy]);
  return markdownTable(["id", "holds when", "typically broken by"], rows);
}
