import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNSAFE } from "../tests-support/hostile-text.ts";
import { HOSTILE } from "../tests-support/sample-runs.ts";
import { displayWidth, padEnd, padStart, truncate, wrap } from "./layout.ts";
import { plain } from "./plain.ts";
import { rerunCommand } from "./shell.ts";

const anyText = fc.string({ unit: "grapheme", maxLength: 300 }).map(plain);

describe("wrapping", () => {
  it("never exceeds the width and never loses a letter", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 8, max: 120 }), (text, width) => {
        const lines = wrap(text, width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });

  it("keeps a number and its unit on one line", () => {
    expect(wrap("the result was due by 2.4 s", 26)).toEqual(["the result was due by", "2.4 s"]);
  });

  it("breaks a word that is longer than a line", () => {
    expect(wrap("x".repeat(25), 10)).toEqual(["x".repeat(10), "x".repeat(10), "x".repeat(5)]);
  });
});

describe("columns", () => {
  it("counts wide characters twice and combining ones not at all", () => {
    expect(displayWidth("漢字")).toBe(4);
    expect(displayWidth("e\u0301")).toBe(1);
    expect(displayWidth("✗ né")).toBe(4);
  });

  it("are filled or cut to exactly the width asked for", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 80 }), (text, width) => {
        const cut = truncate(text, width);
        expect(displayWidth(cut)).toBeLessThanOrEqual(width);
        expect(displayWidth(padEnd(cut, width))).toBe(width);
        expect(displayWidth(padStart(cut, width))).toBe(width);
      }),
    );
  });
});

describe("plain text", () => {
  it("keeps nothing that a terminal would obey", () => {
    expect(plain(HOSTILE)).not.toMatch(UNSAFE);
    expect(plain(HOSTILE)).toContain("second line");
    expect(plain("\u001b[31mred\u001b[0m \u001b]0;owned\u0007done")).toBe("red done");
  });

  it("holds for whatever a system may send", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !UNSAFE.test(plain(text))));
  });
});

describe("commands to paste", () => {
  it("are quoted where a shell would misread them", () => {
    expect(rerunCommand("never-reports/missing-callback", { seed: "42" })).toBe(
      "neverfails run never-reports/missing-callback --seed 42",
    );
    expect(rerunCommand("a b", { seed: "$(rm -rf it's)" })).toBe(
      `neverfails run 'a b' --seed '$(rm -rf it'\\''s)'`,
    );
  });
});
