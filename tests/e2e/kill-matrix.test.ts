// The proof that the judge can be believed: each protection removed is caught by name, and harmless variants pass.
import { beforeAll, describe, expect, it } from "vitest";
import { BENIGN, REMOVALS } from "../kill-matrix/removals.ts";
import { failedChecks, runKillMatrix, type VariantResult } from "../kill-matrix/run-kill-matrix.ts";

let results: VariantResult[] = [];
beforeAll(async () => {
  ({ results } = await runKillMatrix({ removals: REMOVALS, benign: BENIGN, workers: 12, seed: "42" }));
}, 540_000);

const of = (variant: string) => results.filter((result) => result.variant === variant);
/** What a failure must show to be understood: the evidence of the run that failed. */
const story = (result: VariantResult) => ({
  scenario: result.scenario,
  checks: failedChecks(result).map(({ check }) => check),
  reasons: result.verdict.reasons,
  findings: result.verdict.checks.flatMap(({ findings }) => findings.map(({ text }) => text)).slice(0, 5),
  folder: result.folder,
});

describe("without one protection, the named scenarios fail through the named checks and every other scenario passes", () => {
  it.each(Object.entries(REMOVALS))("%s", (removal, expected) => {
    const own = of(removal);
    const missed = own.flatMap((result) => {
      const checks = failedChecks(result).map(({ check }) => check);
      return (expected[result.scenario] ?? [])
        .filter((check) => !checks.includes(check))
        .map((check) => ({ ...story(result), missed: check }));
    });
    expect(missed).toEqual([]);
    expect(
      own
        .filter(({ scenario, verdict }) => expected[scenario] === undefined && verdict.verdict !== "passed")
        .map(story),
    ).toEqual([]);
    expect(own.filter(({ scenario }) => expected[scenario]).length).toBe(Object.keys(expected).length);
  });
});

describe("a harmless variant passes everything", () => {
  it.each(BENIGN)("%s", (variant) => {
    expect(of(variant).length).toBeGreaterThanOrEqual(17);
    expect(
      of(variant)
        .filter(({ verdict }) => verdict.verdict !== "passed")
        .map(story),
    ).toEqual([]);
  });
});

it("the matrix is large enough to mean something", () => {
  expect(Object.keys(REMOVALS).length).toBeGreaterThanOrEqual(16);
  expect(BENIGN.length).toBeGreaterThanOrEqual(5);
});
