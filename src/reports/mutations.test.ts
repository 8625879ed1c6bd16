import { describe, expect, it } from "vitest";
import type { MutantResult } from "../history/verdict.ts";
import { renderMarkdown } from "./markdown/markdown.ts";
import { summarize } from "./summary/summary.ts";
import { renderRun } from "./terminal/run.ts";
import { run, scenario } from "./tests-support/record-builder.ts";

const mutant = (result: MutantResult["result"], mutation: string, field?: string): MutantResult => ({
  mutation,
  ...(field !== undefined && { field }),
  result,
  met: result === "not-tried" ? 0 : 1,
  checks: result === "broke" ? ["no-silent-discard"] : [],
});

function coveredRun() {
  const first = scenario({ id: "a/b", faults: ["payload.malformed"] });
  const second = scenario({ id: "c/d", faults: ["payload.malformed"] });
  first.verdict.mutants = [
    mutant("survived", "html"),
    mutant("not-tried", "xml"),
    mutant("broke", "field-null", "outcome"),
    mutant("not-tried", "wrong-type", "id"),
  ];
  second.verdict.mutants = [
    mutant("broke", "html"),
    mutant("survived", "xml"),
    mutant("survived", "field-null", "outcome"),
    mutant("not-tried", "wrong-type", "id"),
  ];
  return run([first, second]);
}

describe("payload mutations", () => {
  it("are merged over the scenarios: what broke once broke, what was met once was tried", () => {
    expect(summarize(coveredRun()).mutations).toEqual({
      survived: 1,
      broke: 2,
      notTried: 1,
      fields: [
        { field: null, survived: ["xml"], broke: ["html"], notTried: [] },
        { field: "id", survived: [], broke: [], notTried: ["wrong-type"] },
        { field: "outcome", survived: [], broke: ["field-null"], notTried: [] },
      ],
    });
  });

  it("are a compact table on the terminal, the fields that broke first", () => {
    const lines = renderRun(coveredRun(), { color: false, width: 80 }).split("\n");
    const from = lines.indexOf("Payload mutations");
    expect(lines.slice(from, from + 8)).toEqual([
      "Payload mutations",
      "  3 of 4 ways to break a report tried: 1 survived, 2 broke",
      "                     survived      broke  not tried",
      "✗ the whole body            1          1          –",
      "    broke on html",
      "✗ outcome                   –          1          –",
      "    broke on field-null",
      "· id                        –          –          1",
    ]);
  });

  it("are a table of names in the job summary", () => {
    const text = renderMarkdown(coveredRun());
    expect(text).toContain("Payload mutations: 3 of 4 ways to break a report tried: 1 survived, 2 broke");
    expect(text).toContain("| the whole body | xml | html | – |");
    expect(text).toContain("| id | – | – | wrong-type |");
  });

  it("are no topic where no payload was broken", () => {
    const record = run([scenario({ id: "a/b" })]);
    expect(renderRun(record, { color: false, width: 80 })).not.toContain("Payload mutations");
    expect(renderMarkdown(record)).not.toContain("Payload mutations");
  });

  it("cannot be broken by the name of a field", () => {
    const record = coveredRun();
    record.scenarios[0]?.verdict.mutants?.push(mutant("broke", "html", "a|b\u001b[31m<b>`\n"));
    const markdown = renderMarkdown(record);
    expect(markdown).not.toContain("<b>");
    expect(markdown).not.toContain("\u001b");
    const row = markdown.split("\n").find((line) => line.startsWith("| a"));
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(5);
    expect(renderRun(record, { color: false, width: 80 })).not.toContain("\u001b");
  });
});
