// The proof that the judge can be believed: each protection removed is caught by name, and harmless variants pass.
import { beforeAll, describe, expect, it } from "vitest";
import { BENIGN, REMOVALS } from "./removals.ts";
import { disagreement, runKillMatrix, type VariantResult } from "./run-kill-matrix.ts";

/**
 * How much of the matrix is run: every removal against the scenarios named with it always, and against so many others.
 * `KILL_MATRIX=all` runs it whole, as `npm run kill-matrix` does: half an hour.
 */
const MODES = {
  quick: { others: 1, benignOthers: 8 },
  ci: { others: 5, benignOthers: 20 },
  all: {},
} as const;
const asked = process.env.KILL_MATRIX ?? "quick";
const mode = MODES[asked as keyof typeof MODES];
const removals = REMOVALS;

let results: VariantResult[] = [];
beforeAll(async () => {
  if (!mode) throw new Error(`KILL_MATRIX=${asked}: expected ${Object.keys(MODES).join(", ")}`);
  ({ results } = await runKillMatrix({ removals, benign: BENIGN, workers: 12, seed: "42", ...mode }));
}, 3_000_000);

const of = (variant: string) => results.filter((result) => result.variant === variant);

/** Everything that is not as the matrix promises, with what one needs to understand it. */
const disagreements = (variant: string) =>
  of(variant).flatMap((result) => {
    const found = disagreement(result, removals);
    if (found === undefined) return [];
    const { scenario, verdict, lagMs, folder } = result;
    const findings = verdict.checks.flatMap((check) =>
      check.findings.map(({ text }) => `${check.id}: ${text}`),
    );
    return [{ scenario, found, reasons: verdict.reasons, findings: findings.slice(0, 5), lagMs, folder }];
  });

describe("without one protection, the named scenarios fail through the named checks and every other scenario passes", () => {
  it.each(Object.entries(removals))("%s", (removal, expected) => {
    expect(disagreements(removal)).toEqual([]);
    const ran = of(removal).map(({ scenario }) => scenario);
    expect(ran).toEqual(
      expect.arrayContaining([...Object.keys(expected).filter((id) => id !== "*"), "steady-state"]),
    );
  });
});

describe("a harmless variant passes everything", () => {
  it.each(BENIGN)("%s", (variant) => {
    expect(of(variant).length).toBeGreaterThanOrEqual(9);
    expect(disagreements(variant)).toEqual([]);
  });
});

it("hardly any scenario had to be run a second time, alone", () => {
  const repeated = results.flatMap(({ variant, scenario, repeatedFor }) =>
    repeatedFor === undefined ? [] : [`${variant}: ${scenario}: ${repeatedFor}`],
  );
  if (repeated.length > 0) console.info(`repeated alone:\n${repeated.join("\n")}`);
  expect(repeated.length).toBeLessThanOrEqual(results.length * 0.03);
});

it("the matrix is large enough to mean something", () => {
  expect(Object.keys(removals).length).toBeGreaterThanOrEqual(30);
  expect(BENIGN.length).toBeGreaterThanOrEqual(5);
});
