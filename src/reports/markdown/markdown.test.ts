import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../history/run-record.ts";
import { UNSAFE } from "../tests-support/hostile-text.ts";
import { check, run, scenario } from "../tests-support/record-builder.ts";
import {
  failedRun,
  HOSTILE,
  hostileRun,
  inconclusiveRun,
  interruptedRun,
  passedRun,
} from "../tests-support/sample-runs.ts";
import { escapeMarkdown } from "./escape.ts";
import { renderMarkdown } from "./markdown.ts";

const MEBIBYTE = 1_048_576;

/** Every table row has as many cells as its heading. */
function raggedRows(text: string): string[] {
  let cells = 0;
  return text.split("\n").filter((line, index, lines) => {
    if (!line.startsWith("|")) return false;
    const count = line.split("|").length;
    if (!lines[index - 1]?.startsWith("|")) cells = count;
    return count !== cells;
  });
}

describe("summary.md", () => {
  it("begins with the answer", () => {
    expect(renderMarkdown(failedRun()).split("\n")[0]).toBe(
      "## ✗ Can I trust one-day-integration? NO: 5 of 6 scenarios broke it",
    );
  });

  it("answers trust, the five questions, business and claims", () => {
    const text = renderMarkdown(failedRun());
    expect(text).toContain("| Can we detect when it breaks? | ✗ no | detects failed in 3 of 4 scenarios");
    expect(text).toContain(
      "| What happens if it never reports the result? | ✗ failed | never (9 of 9) | never (9 of 9) | never (9 of 12) |",
    );
    expect(text).toContain("| Who owns recovery? | ✓ Integration team. |");
    expect(text).toContain("- ✗ “one-day-integration never fails”: **refuted by 5 of 6 scenarios**");
    expect(renderMarkdown(interruptedRun())).toContain("Not run: never-reports/missing-callback");
  });

  it("folds the evidence of what did not pass", () => {
    const text = renderMarkdown(failedRun());
    expect(text.match(/<details>/g)).toHaveLength(5);
    expect(text.match(/<\/details>/g)).toHaveLength(5);
    expect(text).toContain(
      "- `no-lost-transaction` failed\n  - claim CLM-0004: accepted by the system at 1.2 s",
    );
    expect(renderMarkdown(passedRun())).not.toContain("<details>");
  });

  it.each([failedRun, passedRun, inconclusiveRun, interruptedRun, hostileRun, () => run([])])(
    "keeps its tables whole and lets no markup in",
    (sample) => {
      const text = renderMarkdown(sample());
      expect(raggedRows(text)).toEqual([]);
      expect(text).not.toMatch(UNSAFE);
      const ours = /<\/?(?:details|summary|sub|br)>/g;
      expect(text.replace(ours, "")).not.toMatch(/[<>]/);
      expect(text).not.toMatch(/@team|\*\*bold|\[x\]/);
    },
  );

  it("stays below one mebibyte, the worst first, and says what it left out", () => {
    const many = (verdict: "passed" | "failed") =>
      Array.from({ length: 3_000 }, (_, index) =>
        scenario({
          id: `${verdict}/${index}`,
          title: HOSTILE,
          verdict,
          checks: [check("alerts", verdict, HOSTILE)],
        }),
      );
    const record: RunRecord = run([...many("passed"), ...many("failed")]);
    const text = renderMarkdown(record);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MEBIBYTE);
    expect(text).toMatch(/[\d,]+ more scenarios in run\.json/);
    expect(text).toMatch(/Evidence of [\d,]+ more scenarios in run\.json/);
    expect(text.indexOf("failed/0")).toBeGreaterThan(0);
    expect(text).not.toContain("passed/2999");
  });

  it("stays below one mebibyte when there are thousands of claims", () => {
    const claims = Array.from({ length: 20_000 }, (_, index) => ({
      claim: `${index} ${HOSTILE}`,
      checks: [],
      refutedBy: [],
      notRefutedBy: 1,
    }));
    expect(Buffer.byteLength(renderMarkdown(run([], { claims })))).toBeLessThanOrEqual(MEBIBYTE);
  });
});

describe("escaping", () => {
  it("leaves ordinary text alone", () => {
    expect(escapeMarkdown("claim CLM-0017: due by 3.2 s; (still “submitted”)")).toBe(
      "claim CLM-0017: due by 3.2 s; (still “submitted”)",
    );
  });

  it("breaks links, mentions, references and cells", () => {
    expect(escapeMarkdown("https://a.b www.c.d @x #1 | `c` <i> _e_ [l](m)")).not.toMatch(
      /:\/\/|www\.|@|#\d+(?!\d*;)|\||`|<|_|\[/,
    );
  });
});
