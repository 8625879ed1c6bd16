import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { UNSAFE } from "../tests-support/hostile-text.ts";
import { run } from "../tests-support/record-builder.ts";
import {
  failedRun,
  hostileRun,
  inconclusiveRun,
  interruptedRun,
  passedRun,
} from "../tests-support/sample-runs.ts";
import { displayWidth } from "../text/layout.ts";
import { renderTrustCards } from "./trust-cards.ts";

const render = (width: number, left = failedRun(), right = passedRun()) =>
  renderTrustCards(left, right, { color: false, width });
const flat = (text: string) => text.replace(/\s+/g, " ");

describe("trust cards", () => {
  it("stand side by side at 100 columns, the same row of both on one line", () => {
    const lines = render(100).split("\n");
    expect(lines[0]).toMatch(/one-day-integration .* trustworthy-integration/);
    expect(flat(lines[1] ?? "")).toContain("✗ Can I trust it? NO │ │ ✓ Can I trust it? NOTHING REFUTED IT");
    expect(lines.some((line) => /refuted by 5 of 6 scenarios .* not refuted by 6 scenarios/.test(line))).toBe(
      true,
    );
    expect(lines.some((line) => /✗ never reports the result .*✓ never reports the result/.test(line))).toBe(
      true,
    );
    expect(
      lines.some((line) => /never 9 of 9 +never 9 of 9 +never 9 of 12 .*640 ms +2\.12 s +812 ms/.test(line)),
    ).toBe(true);
    expect(lines.some((line) => /detect when it breaks +no .*detect when it breaks +yes/.test(line))).toBe(
      true,
    );
  });

  it("spell out what never came where there is room", () => {
    expect(render(140)).toMatch(/never \(9 of 9\) +never \(9 of 9\) +never \(9 of 12\)/);
  });

  it("stand below one another at 80 columns", () => {
    const lines = render(80).split("\n");
    const [first = -1, second = -1] = ["one-day-integration", "trustworthy-integration"].map((name) =>
      lines.findIndex((line) => line.startsWith(`╭─ ${name}`)),
    );
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(10);
  });

  it("are closed boxes of equal width", () => {
    for (const width of [60, 80, 96, 100, 120, 200]) {
      const boxed = render(width, hostileRun(), interruptedRun())
        .split("\n")
        .filter((line) => /^[╭├│╰]/.test(line));
      expect(new Set(boxed.map(displayWidth)).size).toBe(1);
      expect(boxed.every((line) => /[╮┤│╯]$/.test(line))).toBe(true);
    }
  });

  it("are followed by one telling line of evidence a question, each by another check where there is one", () => {
    const evidence = flat(render(100).split("What broke one-day-integration")[1] ?? "");
    for (const check of [
      "no-lost-transaction",
      "alerts",
      "agrees-with-partner",
      "no-invented-result",
      "no-duplicate-effect",
    ]) {
      expect(evidence).toContain(check);
    }
    expect(evidence).toContain(
      'claim CLM-0004: approved by Acme Clearinghouse at 1.44 s; the system still says "submitted" at 12 s',
    );
    expect(render(100)).not.toContain("What broke trustworthy-integration");
  });

  it("end with both claims", () => {
    expect(render(100).trimEnd().split("\n").slice(-2)).toEqual([
      '✗ "one-day-integration never fails": refuted by 5 of 6 scenarios',
      '✓ "trustworthy-integration never fails": not refuted by 6 scenarios',
    ]);
  });

  it("say what limits a claim", () => {
    expect(render(100, inconclusiveRun(), interruptedRun())).toMatch(/1 inconclusive .* 2 not run/);
  });

  it.each([60, 80, 96, 100, 120, 200])("fit into %i columns, hostile or empty", (width) => {
    for (const [left, right] of [
      [failedRun(), passedRun()],
      [hostileRun(), hostileRun()],
      [run([]), inconclusiveRun()],
    ] as const) {
      const bare = render(width, left, right);
      expect(bare).not.toMatch(UNSAFE);
      const colored = renderTrustCards(left, right, { color: true, width });
      expect(
        stripVTControlCharacters(colored)
          .split("\n")
          .filter((line) => displayWidth(line) > width),
      ).toEqual([]);
    }
  });
});
