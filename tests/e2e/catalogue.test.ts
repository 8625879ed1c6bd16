// The trustworthy integration passes every scenario, and the reports hold up from outside.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/history/run-record.ts";
import { cli } from "../support/cli.ts";

describe("the trustworthy integration", () => {
  it("passes the whole catalogue; its JUnit holds up to another parser", async () => {
    const folder = mkdtempSync(join(tmpdir(), "neverfails-catalogue-"));
    const { code, stdout } = await cli(
      [
        "run",
        "--config",
        "examples/trustworthy-integration/neverfails.yaml",
        "--seed",
        "42",
        "--workers",
        "4",
        "--reporter",
        "json",
        "--output",
        folder,
      ],
      { withinMs: 300_000 },
    );
    const record = JSON.parse(stdout) as RunRecord;
    const notPassed = record.scenarios.filter(({ verdict }) => verdict.verdict !== "passed");
    expect(
      notPassed.map(({ scenario, verdict }) => [
        scenario.id,
        verdict.reasons,
        verdict.checks.flatMap(({ findings }) => findings),
      ]),
    ).toEqual([]);
    expect(code).toBe(0);
    expect(record.scenarios.length).toBeGreaterThanOrEqual(67);

    const parse =
      "import sys, xml.etree.ElementTree as tree; print(tree.parse(sys.argv[1]).getroot().get('tests'))";
    const tests = execFileSync("python3", ["-c", parse, join(folder, "latest/junit.xml")], {
      encoding: "utf8",
    });
    expect(Number(tests)).toBe(record.scenarios.length);
    const secret = /whsec_|acme-test-token/;
    for (const name of [
      "latest/run.json",
      "latest/junit.xml",
      "latest/summary.md",
      "latest/history/steady-state.ndjson",
    ]) {
      expect(readFileSync(join(folder, name), "utf8")).not.toMatch(secret);
    }
  });
});
