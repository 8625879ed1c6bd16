import { expect, it } from "vitest";
import { type KillMatrix, renderKillMatrix } from "./kill-matrix.ts";

const matrix: KillMatrix = {
  removals: [
    {
      removal: "dedup",
      killedBy: [
        { scenario: "same-result-twice/at-once", check: "no-duplicate-effect" },
        { scenario: "same-result-twice/late", check: "no-duplicate-effect" },
      ],
      unexpected: [],
      void: false,
      passed: 22,
    },
    {
      removal: "poll",
      killedBy: [{ scenario: "never-reports/missing", check: "recovers" }],
      unexpected: [{ scenario: "beyond-the-five/forged", check: "stays-up" }],
      void: false,
      passed: 21,
    },
    { removal: "timeout", killedBy: [], unexpected: [], void: false, passed: 24 },
    { removal: "storage", killedBy: [], unexpected: [], void: true, passed: 0 },
  ],
  benign: [
    { variant: "slower", failed: [], passed: 24 },
    { variant: "poll-only", failed: [{ scenario: "a/b", check: "detects" }], passed: 23 },
  ],
};

it("shows for each removal who killed it, by which check, and how many others passed", () => {
  const rows = renderKillMatrix(matrix)
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/));
  expect(rows).toContainEqual(["killed", "dedup", "same-result-twice/at-once", "no-duplicate-effect", "22"]);
  expect(rows).toContainEqual(["same-result-twice/late", "no-duplicate-effect"]);
  expect(rows).toContainEqual(["unclean", "poll", "never-reports/missing", "recovers", "21"]);
  expect(rows).toContainEqual(["beyond-the-five/forged", "stays-up (unexpected)"]);
  expect(rows).toContainEqual(["survived", "timeout", "nothing", "24"]);
  expect(rows).toContainEqual(["void", "storage", "the baseline failed already", "0"]);
  expect(rows).toContainEqual(["failed", "benign: poll-only", "a/b", "detects (false alarm)", "23"]);
});

it("ends with the sums", () => {
  expect(renderKillMatrix(matrix).trimEnd().split("\n").slice(-2)).toEqual([
    "2 of 4 removals killed by the scenarios named for them; 1 survived, 1 void, 1 with unexpected failures",
    "1 of 2 benign variants passed everything",
  ]);
});

it("aligns its columns", () => {
  const [head = "", ...lines] = renderKillMatrix(matrix).split("\n");
  const column = head.indexOf("killed by");
  expect(
    lines.slice(0, 6).every((line) => line === "" || (line[column - 1] === " " && line[column] !== " ")),
  ).toBe(true);
});
