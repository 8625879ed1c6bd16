// The one-day integration, the demo, and a system in another language: the judge tells systems apart.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/history/run-record.ts";
import { cli } from "../support/cli.ts";

const output = () => mkdtempSync(join(tmpdir(), "neverfails-reference-"));
const run = (system: string, ...args: string[]) =>
  cli(
    ["run", "--config", `examples/${system}/neverfails.yaml`, "--seed", "42", "--output", output(), ...args],
    { withinMs: 300_000 },
  );

describe("the one-day integration", () => {
  it("is refuted by every one of the five classic failures, with evidence", async () => {
    const { code, stdout } = await run(
      "one-day-integration",
      "--tag",
      "article",
      "--workers",
      "5",
      "--reporter",
      "json",
    );
    const { scenarios, verdict } = JSON.parse(stdout) as RunRecord;
    expect(verdict).toBe("failed");
    expect(code).toBe(1);
    const failed = scenarios.filter((scenario) => scenario.verdict.verdict === "failed");
    expect(failed.map(({ scenario }) => scenario.id).sort()).toEqual([
      "cannot-process/stuck-forever",
      "never-reports/missing-callback",
      "same-result-twice/duplicate-at-once",
      "unavailable/brief-outage",
      "unexpected-format/unknown-outcome",
    ]);
    for (const { verdict } of failed) {
      const findings = verdict.checks.flatMap(({ findings }) => findings);
      expect(findings.some(({ text, events }) => text.length > 20 && events.length > 0)).toBe(true);
    }
  });

  it("looks healthy as long as nothing breaks", async () => {
    const { code } = await run("one-day-integration", "steady-state");
    expect(code).toBe(0);
  });
});

describe("the demo", () => {
  it("exits 0 and shows one claim refuted and one not", async () => {
    const { code, stdout } = await cli(["demo", "--output", output()], { withinMs: 90_000 });
    expect(stdout).toMatch(/refuted by 5 of \d+ scenarios/);
    expect(stdout).toMatch(/not refuted by \d+ scenarios/);
    expect(stdout).toMatch(/one-day-integration/);
    expect(stdout).toMatch(/trustworthy-integration/);
    expect(code).toBe(0);
  });
});

describe("a system in another language with another contract", () => {
  it("is driven and judged unchanged", async () => {
    const { code, stdout } = await run("python-orders", "--reporter", "json");
    const { scenarios } = JSON.parse(stdout) as RunRecord;
    expect(scenarios.map(({ scenario, verdict }) => [scenario.id, verdict.verdict, verdict.reasons])).toEqual(
      scenarios.map(({ scenario }) => [scenario.id, "passed", []]),
    );
    expect(scenarios.length).toBeGreaterThan(1);
    expect(code).toBe(0);
  });
});
