// Ctrl-C and kill -9 in mid-run: no process is left behind, no evidence is lost.
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RunRecord } from "../../src/history/run-record.ts";
import { until } from "../../src/lib/wait.ts";
import { cli, startCli } from "../support/cli.ts";
import { processesWith } from "../support/processes.ts";
import { tinySystem } from "../support/tiny-system.ts";

/** Scenarios that take a while, so that there is a middle to interrupt. */
function longSuite(): string {
  const slow = (name: string) =>
    `title: ${name}\nworkload: { transactions: 5, rate: 20/s }\nfaults: [{ fault: processing.slow, takes: 6s }]\nexpect: { recovers: { within: 10s } }\n`;
  return tinySystem({ "scenarios/slow.yaml": slow("a"), "scenarios/slow-too.yaml": slow("b") });
}

async function startedRun(mark: string) {
  const folder = longSuite();
  const running = startCli(["run", "--seed", "1", "--workers", "1", "--output", "out"], {
    cwd: folder,
    env: { TINY_MARK: mark },
  });
  const output = join(folder, "out");
  const latest = () => join(output, readdirSync(output).find((name) => /^\d{8}-/.test(name)) ?? "");
  // `slow` comes first; it is in its middle when the fault has fired.
  const inTheMiddle = await until(
    () =>
      existsSync(output) &&
      existsSync(join(latest(), "history/slow-too.ndjson")) &&
      readFileSync(join(latest(), "history/slow-too.ndjson"), "utf8").includes("fault.fired"),
    { withinMs: 60_000, everyMs: 50 },
  );
  expect(inTheMiddle).toBe(true);
  expect(processesWith(mark).length).toBeGreaterThan(1);
  return { folder, running, runFolder: latest() };
}

const gone = (mark: string) =>
  until(() => processesWith(mark).length === 0, { withinMs: 15_000, everyMs: 100 });

it("Ctrl-C exits 130, leaves no process behind and reports what had finished", async () => {
  const mark = randomUUID();
  const { running, runFolder } = await startedRun(mark);
  running.child.kill("SIGINT");
  const { code, stdout } = await running.done;
  expect(code).toBe(130);
  expect(await gone(mark)).toBe(true);
  const record = JSON.parse(readFileSync(join(runFolder, "run.json"), "utf8")) as RunRecord;
  expect(record.interrupted).toBe(true);
  expect(record.scenarios.map(({ scenario }) => scenario.id)).toEqual(["slow"]);
  expect(record.notRun).toEqual(["slow-too", "steady"]);
  expect(stdout).toMatch(/interrupted/i);
  // What was cut short is evidence of what was seen, and of nothing that might still have come.
  const judged = await cli(["judge", join(runFolder, "history/slow-too.ndjson"), "--reporter", "json"]);
  expect(judged.code).toBe(3);
  const [again] = (JSON.parse(judged.stdout) as RunRecord).scenarios;
  expect(again?.verdict).toMatchObject({
    verdict: "inconclusive",
    reasons: expect.arrayContaining(["the run was interrupted before the scenario had ended"]),
  });
});

it("kill -9 leaves no process behind, and histories that judge reads up to the last complete event", async () => {
  const mark = randomUUID();
  const { folder, running, runFolder } = await startedRun(mark);
  running.child.kill("SIGKILL");
  await running.done;
  expect(await gone(mark)).toBe(true);
  const { code, stdout, stderr } = await cli(["judge", runFolder, "--reporter", "json"], { cwd: folder });
  const record = JSON.parse(stdout) as RunRecord;
  expect(record.scenarios.map(({ scenario, verdict }) => [scenario.id, verdict.verdict])).toEqual([
    ["slow", "passed"],
    ["slow-too", "inconclusive"],
  ]);
  expect(stderr).toMatch(/slow-too: the history breaks off/);
  expect(code).toBe(3);
});
