// A run from the outside: streams, reports, seeds, replay, two at once.
import { appendFileSync, cpSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readHistoryFile } from "../../src/history/ndjson.ts";
import type { RunRecord } from "../../src/history/run-record.ts";
import { firedFaults } from "../../src/runner/suite/compare.ts";
import { cli } from "../support/cli.ts";
import { tinySystem } from "../support/tiny-system.ts";

const run = (folder: string, ...args: string[]) =>
  cli(["run", "--seed", "7", "--output", "out", ...args], { cwd: folder });
const record = (folder: string): RunRecord =>
  JSON.parse(readFileSync(join(folder, "out/latest/run.json"), "utf8"));
const verdicts = ({ scenarios }: RunRecord) =>
  scenarios.map(({ scenario, verdict }) => [scenario.id, verdict.verdict]);

/** A copy of the latest run whose history claims one firing more than it had. */
function diverging(folder: string): string {
  const copy = join(folder, "out/edited");
  cpSync(realpathSync(join(folder, "out/latest")), copy, { recursive: true });
  const file = join(copy, "history/slow.ndjson");
  const extra = {
    seq: 99_999,
    t: 1,
    phase: "fault",
    source: "partner",
    kind: "fault.fired",
    fault: 0,
    point: "processing",
    key: "ORD-none-999",
    attempt: 1,
  };
  appendFileSync(file, `${JSON.stringify(extra)}\n`);
  return copy;
}

describe("a run", () => {
  it("puts the result on stdout, the progress on stderr and the evidence into the run folder", async () => {
    const folder = tinySystem();
    const { code, stdout, stderr } = await run(folder);
    expect(stdout).toMatch(/tiny/);
    expect(stdout).not.toMatch(/seed 7\n.*baseline/s);
    expect(stderr).toMatch(/2 scenarios, seed 7/);
    expect(code).toBe(0);
    expect(verdicts(record(folder))).toEqual([
      ["slow", "passed"],
      ["steady", "passed"],
    ]);
    expect(readFileSync(join(folder, "out/latest/junit.xml"), "utf8")).toMatch(/<testsuites/);
    expect(readHistoryFile(join(folder, "out/latest/history/slow.ndjson")).events.at(-1)?.kind).toBe(
      "run.ended",
    );
  });

  it("prints JSON alone when asked for JSON", async () => {
    const { stdout } = await run(tinySystem(), "steady", "--reporter", "json");
    expect((JSON.parse(stdout) as RunRecord).scenarios).toHaveLength(1);
  });

  it("is judged the same again from its histories", async () => {
    const folder = tinySystem();
    await run(folder);
    const { code, stdout } = await cli(["judge", "out/latest", "--reporter", "json"], { cwd: folder });
    const again = JSON.parse(stdout) as RunRecord;
    expect(again.scenarios.map(({ verdict }) => verdict)).toEqual(
      record(folder).scenarios.map(({ verdict }) => verdict),
    );
    expect(code).toBe(0);
  });

  it("with the same seed fires the same faults and reaches the same verdicts; a replay does too", async () => {
    const scenario =
      "title: T\nworkload: { transactions: 10, rate: 20/s }\nfaults: [{ fault: processing.slow, takes: 1500ms..2s, on: 40% }]\nexpect: { recovers: { within: 5s } }\n";
    const folder = tinySystem({ "scenarios/some.yaml": scenario });
    const fired = () => firedFaults(readHistoryFile(join(folder, "out/latest/history/some.ndjson")).events);
    await run(folder, "some");
    const [first, firstVerdicts] = [fired(), verdicts(record(folder))];
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(10);
    await run(folder, "some");
    expect(fired()).toEqual(first);
    expect(verdicts(record(folder))).toEqual(firstVerdicts);
    const replay = await cli(["replay", "out/latest", "--output", "out"], { cwd: folder });
    expect(replay.stderr).not.toMatch(/diverged/);
    expect(replay.code).toBe(0);
    expect(fired()).toEqual(first);
    await cli(["run", "some", "--seed", "8", "--output", "out"], { cwd: folder });
    expect(fired()).not.toEqual(first);
  });

  it("says diverged when a replay cannot fire what was recorded", async () => {
    const folder = tinySystem();
    await run(folder, "slow");
    // The recorded run is edited to claim a firing that cannot happen again.
    const { code, stderr } = await cli(["replay", diverging(folder), "--output", "out"], { cwd: folder });
    expect(stderr).toMatch(/diverged {2}slow/);
    expect(code).toBe(3);
  });

  it("can go on twice at once in one folder", async () => {
    const folder = tinySystem();
    const [a, b] = await Promise.all([run(folder, "steady"), run(folder, "steady")]);
    expect([a.code, b.code]).toEqual([0, 0]);
  });
});

describe("vacuity", () => {
  it("a fault that never fires makes the scenario inconclusive, and says which", async () => {
    const scenario =
      "title: T\nworkload: { transactions: 3, rate: 20/s, control: 0% }\nfaults: [{ fault: processing.slow, takes: 2s, on: [99] }]\nexpect: { recovers: { within: 5s } }\n";
    const { code, stdout } = await run(tinySystem({ "scenarios/never.yaml": scenario }), "never");
    expect(stdout).toMatch(/processing\.slow.*never fired/s);
    expect(code).toBe(3);
  });

  it("a sick baseline makes the scenario inconclusive, and is not blamed on the fault", async () => {
    const { code, stdout } = await run(
      tinySystem({
        "partner.yaml":
          "name: P\nsubmit: { post: /elsewhere, key: body.reference }\nprocess: { outcomes: { approved: 1 }, promises: 1s }\n",
      }),
      "slow",
    );
    expect(stdout).toMatch(/without any fault/);
    expect(code).toBe(3);
  });

  it("an alert that was expected where no channel exists cannot be told", async () => {
    const scenario =
      "title: T\nworkload: { transactions: 4, rate: 20/s }\nfaults: [{ fault: processing.slow, takes: 2s }]\nexpect: { alerts: { within: 2s } }\n";
    const { code } = await run(tinySystem({ "scenarios/alerts.yaml": scenario }), "alerts");
    expect(code).toBe(3);
  });

  it("an allowed inconclusive run exits 0 and repeats the reason", async () => {
    const scenario =
      "title: T\nworkload: { transactions: 3, rate: 20/s, control: 0% }\nfaults: [{ fault: processing.slow, takes: 2s, on: [99] }]\nexpect: { recovers: { within: 5s } }\n";
    const { code, stderr } = await run(
      tinySystem({ "scenarios/never.yaml": scenario }),
      "never",
      "--allow-inconclusive",
      "being written",
    );
    expect(stderr).toMatch(/being written/);
    expect(code).toBe(0);
  });

  it("the canary that must fail does fail: work that the partner never decides is not recovered", async () => {
    const scenario =
      "title: T\nworkload: { transactions: 4, rate: 20/s }\nfaults: [{ fault: processing.stuck }]\nexpect: { recovers: { within: 2s } }\n";
    const { code, stdout } = await run(tinySystem({ "scenarios/canary.yaml": scenario }), "canary");
    expect(stdout).toMatch(/no-lost-transaction/);
    expect(stdout).toMatch(/recovers/);
    expect(code).toBe(1);
  });
});
