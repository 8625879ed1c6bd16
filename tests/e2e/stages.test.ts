// A partner that reports stages before the result: the trustworthy system bears it, and a judge knows who does not.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RunRecord } from "../../src/history/run-record.ts";
import { cli } from "../support/cli.ts";

async function run(config: string, env: Record<string, string>, ...scenarios: string[]) {
  const output = mkdtempSync(join(tmpdir(), "neverfails-stages-"));
  const { code, stdout, stderr } = await cli(
    [
      "run",
      ...["--config", `examples/${config}`, "--seed", "42", "--output", output],
      ...["--workers", "2", "--reporter", "json", ...scenarios],
    ],
    { env },
  );
  if (code === 2) throw new Error(stderr);
  return { code, scenarios: (JSON.parse(stdout) as RunRecord).scenarios };
}

const STAGED = "trustworthy-integration/staged.yaml";
const SCENARIOS = [
  "steady-state",
  "beyond-the-five/early",
  "beyond-the-five/out-of-order",
  "stages-come-twice-or-never",
];

it("is borne by a system that lets no stage move what is settled", async () => {
  const { scenarios } = await run(STAGED, {}, ...SCENARIOS);
  expect(scenarios.map(({ scenario, verdict }) => [scenario.id, verdict.verdict, verdict.reasons])).toEqual(
    expect.arrayContaining(SCENARIOS.map((id) => [id, "passed", []])),
  );
  const fired = scenarios.flatMap(({ verdict }) => Object.entries(verdict.counts.fired));
  expect(Object.fromEntries(fired)).toMatchObject({
    "callback.early": 6,
    "callback.out-of-order": 6,
    "callback.missing": 6,
    "callback.duplicate": 6,
  });
});

it("refutes a system in which the last report wins", async () => {
  const { code, scenarios } = await run(STAGED, { WITHOUT: "stage-order" }, "beyond-the-five/out-of-order");
  expect(code).toBe(1);
  const failed = scenarios.flatMap(({ verdict }) =>
    verdict.checks.filter(({ status }) => status === "failed"),
  );
  expect(failed.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["no-regression", "agrees-with-partner"]),
  );
  const texts = failed.flatMap(({ findings }) => findings.map(({ text }) => text)).join("\n");
  expect(texts).toMatch(/was settled as "(paid|denied)" .* but shows "in_review" .* says "in-review"/);
});

it("is early for a system that notes the submission only after its reply: the settled work looks submitted again", async () => {
  const { scenarios } = await run("one-day-integration/neverfails.yaml", {}, "beyond-the-five/early");
  const failed = scenarios.flatMap(({ verdict }) =>
    verdict.checks.filter(({ status }) => status === "failed"),
  );
  expect(failed.map(({ id }) => id)).toContain("agrees-with-partner");
  expect(failed[0]?.findings[0]?.text).toMatch(/still "submitted"/);
});
