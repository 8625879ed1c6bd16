// Mistakes of the user's and misbehaviour of the system: one clear message each, the right exit code, nothing hangs.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { cli } from "../support/cli.ts";
import { tinySystem } from "../support/tiny-system.ts";

const run = (folder: string, args: string[] = [], env: Record<string, string> = {}) =>
  cli(["run", "--seed", "1", "--output", "out", ...args], { cwd: folder, env });

describe("a mistake in a file starts nothing and says where it is", () => {
  const config = (text: string) => ({ "neverfails.yaml": text });
  const partner = (text: string) => ({ "partner.yaml": text });
  const scenario = (text: string) => ({ "scenarios/broken.yaml": text });

  it.each([
    [
      "a mistyped fault",
      scenario("title: T\nfaults:\n  - fault: callback.mising\nexpect: { recovers: { within: 5s } }\n"),
      /scenarios\/broken\.yaml:3:\d+ .*callback\.mising.*did you mean "callback\.missing"/,
    ],
    [
      "a wrong duration",
      scenario("title: T\nfaults:\n  - fault: callback.missing\nexpect: { recovers: { within: 5 sec } }\n"),
      /scenarios\/broken\.yaml:4:\d+ .*expect\.recovers\.within.*duration/,
    ],
    [
      "a mistyped key",
      scenario("title: T\nfalts: []\n"),
      /scenarios\/broken\.yaml:2:1 .*falts.*did you mean "faults"/,
    ],
    [
      "faults without an expectation",
      scenario("title: T\nfaults: [{ fault: callback.missing }]\n"),
      /scenarios\/broken\.yaml:\d+:\d+ .*expect/,
    ],
    ["YAML that does not parse", scenario("title: 'T\n"), /scenarios\/broken\.yaml:\d+:\d+/],
    [
      "a schema that does not parse",
      {
        ...partner(
          "name: P\nsubmit: { post: /s, key: body.k, schema: s.json }\nprocess: { outcomes: { approved: 1 } }\n",
        ),
        "s.json": '{ "type": "objekt" }',
      },
      /s\.json:1:11 .*is not a JSON Schema/,
    ],
    [
      "a missing contract",
      config(
        "system: { command: node server.mjs }\npartner: nowhere.yaml\nworkflow: { start: { post: /orders } }\n",
      ),
      /neverfails\.yaml:2:\d+ .*nowhere\.yaml/,
    ],
    [
      "a circle of expressions",
      config(
        'system:\n  command: node server.mjs\n  env:\n    A: "{{ system.env.B }}"\n    B: "{{ system.env.A }}"\npartner: partner.yaml\nworkflow: { start: { post: /orders } }\n',
      ),
      /neverfails\.yaml:\d+:\d+ .*system\.env\.A → system\.env\.B → system\.env\.A/,
    ],
    [
      "an unknown name in an expression",
      config(
        'system: { command: node server.mjs, env: { A: "{{ partner.ulr }}" } }\npartner: partner.yaml\nworkflow: { start: { post: /orders } }\n',
      ),
      /neverfails\.yaml:1:\d+ .*ulr.*did you mean/,
    ],
  ])("%s", async (_, files, message) => {
    const folder = tinySystem(files);
    const { code, stdout, stderr } = await run(folder);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/nothing was started/);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("reports the mistakes of all files at once", async () => {
    const folder = tinySystem({
      "scenarios/a.yaml": "titel: x\n",
      "scenarios/b.yaml": "title: T\nfaults: [{ fault: nope }]\n",
    });
    const { code, stderr } = await run(folder);
    expect(stderr).toMatch(/a\.yaml:1:1/);
    expect(stderr).toMatch(/b\.yaml:2:\d+/);
    expect(code).toBe(2);
  });

  it("a missing configuration", async () => {
    const { code, stderr } = await cli(["run", "--config", "no/such.yaml"]);
    expect(stderr).toMatch(/no\/such\.yaml/);
    expect(code).toBe(2);
  });
});

describe("a mistake on the command line", () => {
  it.each([
    [
      ["run", "--config", "examples/one-day-integration/neverfails.yaml", "no-such-scenario"],
      /"no-such-scenario" matches no scenario/,
    ],
    [
      ["run", "--config", "examples/one-day-integration/neverfails.yaml", "--reporter", "jsn"],
      /did you mean "json"/,
    ],
    [["run", "--config", "examples/one-day-integration/neverfails.yaml", "--shard", "3/2"], /--shard/],
    [["run", "--config", "examples/one-day-integration/neverfails.yaml", "--workers", "0"], /--workers/],
    [["run", "--colour"], /colour/],
    [["rnu"], /rnu|Did you mean run/],
    [[], /Name a command/],
    [["judge", "no/such/run"], /no\/such\/run/],
    [["replay", "no/such/run"], /no\/such\/run/],
    [["serve", "no-such-partner.yaml"], /no-such-partner\.yaml/],
    [["check", "no-such-file.yaml"], /no-such-file\.yaml/],
  ])("%j exits 2 with a message", async (args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

describe("a system that misbehaves", () => {
  it("never becomes ready: inconclusive, with its last answer", async () => {
    const { code, stdout } = await run(tinySystem(), [], { MODE: "never-ready" });
    expect(stdout).toMatch(/did not answer GET .*\/healthz with 2xx within 3 s/);
    expect(stdout).toMatch(/503/);
    expect(code).toBe(3);
  });

  it("exits before it is ready: inconclusive, with its exit code and last words", async () => {
    const { code, stdout } = await run(tinySystem(), [], { MODE: "exit-early" });
    expect(stdout).toMatch(/exited with code 7/);
    expect(stdout).toMatch(/cannot open database/);
    expect(code).toBe(3);
  });

  it("cannot be started at all", async () => {
    const folder = tinySystem({
      "neverfails.yaml":
        "system: { command: no-such-program-here }\npartner: partner.yaml\nworkflow: { start: { post: /orders } }\n",
    });
    const { code, stdout } = await run(folder);
    expect(stdout).toMatch(/no-such-program-here/);
    expect(code).toBe(3);
  });

  it("dies half-way: failed, with its exit code and last words", async () => {
    const { code, stdout } = await run(tinySystem(), ["slow"], { MODE: "dies" });
    expect(stdout).toMatch(/stays-up/);
    expect(stdout).toMatch(/code 3/);
    expect(stdout).toMatch(/out of luck/);
    expect(code).toBe(1);
  });

  it("floods its log: judged all the same", async () => {
    const { code } = await run(tinySystem(), ["steady"], { MODE: "floods" });
    expect(code).toBe(0);
  });

  it("shows a state that is not listed: a mistake in the configuration, with what to add", async () => {
    const { code, stderr } = await run(tinySystem(), ["steady"], { MODE: "unknown-state" });
    expect(stderr).toMatch(/frobnicated.*workflow\.inspect\.means/s);
    expect(code).toBe(2);
  });

  it("finds the fixed port of the partner in use: says which, and starts nothing", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    const folder = tinySystem({
      "partner.yaml": `name: P\nport: ${port}\nsubmit: { post: /submissions, key: body.reference }\nprocess: { outcomes: { approved: 1 } }\n`,
    });
    try {
      const { code, stderr } = await run(folder);
      expect(stderr).toMatch(new RegExp(`${port}`));
      expect(code).toBe(2);
    } finally {
      taken.close();
    }
  });
});

describe("a command line that cannot be meant so", () => {
  it.each([
    [["run", "steady", "no-such-one"], /pattern {2}"no-such-one" matches no scenario/],
    [["run", "stedy"], /did you mean "steady"/],
    [["run", "--tag", "articel"], /--tag {2}"articel" matches no scenario/],
    [["run", "--config", "a", "--config", "b"], /--config is given more than once/],
    [["run", "--seed", "1", "--seed", "2", "steady"], /--seed is given more than once/],
    [["run", "--grep"], /Not enough arguments following: grep/],
    [["run", "--allow-inconclusive", "", "steady"], /the reason is empty/],
    [["run", "--output", "partner.yaml", "steady"], /partner\.yaml {2}no folder can be made here/],
    [["run", "--no-such-option"], /Unknown argument/],
    [["demo", "--workers", "0"], /--workers {2}expected a whole number/],
    [["serve", "partner.yaml", "--port", "99999"], /--port {2}expected a port/],
    [["serve", "partner.yaml", "--port", "abc"], /--port {2}expected a port/],
    [["init", "--dir", "partner.yaml"], /partner\.yaml {2}cannot be written/],
    [["judge", "."], /holds no history/],
    [["judge", "partner.yaml"], /partner\.yaml:1:1 {2}is not a line of JSON/],
  ])("%j exits 2, says why, and runs nothing", async (args, message) => {
    const { code, stdout, stderr } = await cli(args, { cwd: tinySystem() });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/itself failed/);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("--tag takes one word, and what follows it is a pattern", async () => {
    const tagged = (name: string) => `title: ${name}\ntags: [x]\nworkload: { transactions: 2 }\n`;
    const folder = tinySystem({ "scenarios/a.yaml": tagged("a"), "scenarios/b.yaml": tagged("b") });
    const { stdout } = await cli(["run", "--tag", "x", "a", "--reporter", "json"], { cwd: folder });
    const { scenarios } = JSON.parse(stdout) as { scenarios: { scenario: { id: string } }[] };
    expect(scenarios.map(({ scenario }) => scenario.id)).toEqual(["a"]);
  });
});
