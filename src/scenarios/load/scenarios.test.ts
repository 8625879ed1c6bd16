import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatProblem } from "../../lib/problem.ts";
import { FAULT_NAMES } from "../../simulator/faults/index.ts";
import { type KnownConfig, loadScenarios } from "./scenarios.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "neverfails-scenarios-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string) {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

const GOOD = `title: The report never comes
tags: [mine]
workload: { transactions: 20, rate: 120/m, control: 20% }
faults:
  - fault: callback.duplicate
    copies: 3
    after: 250ms
    on: { where: "start.amount > 1000" }
    during: 0s..5s
    attempts: 1..3
  - fault: callback.missing
    on: every 4th
    during: { every: 3s, for: 1s }
expect:
  detects: { within: 5s, through: [state, alert] }
  alerts: { within: 8s, channel: ops, names: each, atMost: 5, resolves: { within: 4s } }
  recovers: { within: 20s, by: operator }
waives: { no-retry-storm: "the vendor asks for immediate retries" }
bounds: { attemptsPerSecond: 20, givesUp: 3s }
`;

const CONFIG: KnownConfig = {
  channels: [{ name: "ops", kind: "slack", for: [] }],
  workflow: {
    noun: "claim",
    start: { method: "POST", path: "/claims", headers: {}, json: { amount: 1, patient: { name: "x" } } },
  },
};

const STAGED: KnownConfig = {
  ...CONFIG,
  partner: {
    stages: ["received", "settled"].map((name) => ({ name, takes: { kind: "fixed", ms: 10 } })),
  },
};

async function load(config: KnownConfig | undefined = CONFIG) {
  return loadScenarios([folder], config);
}

async function mistakes(text: string): Promise<string[]> {
  await write("s.yaml", text);
  const result = await load();
  return result.ok
    ? []
    : result.problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, ""));
}

describe("the stage that a fault is narrowed to", () => {
  const narrowed = (stage: string) =>
    GOOD.replace("  - fault: callback.missing\n", `  - fault: callback.missing\n    stage: ${stage}\n`);
  const problemsOf = async (text: string, config: KnownConfig) => {
    await write("s.yaml", text);
    const result = await load(config);
    return result.ok ? [] : result.problems.map(formatProblem).map((line) => line.replace(`${folder}/`, ""));
  };

  it.each([
    ["received", ["received"]],
    ["[received, settled]", ["received", "settled"]],
  ])("is one or several: %s", async (stage, stages) => {
    await write("s.yaml", narrowed(stage));
    const result = await load(STAGED);
    expect(result.ok && result.value[0]?.faults[1]).toMatchObject({ settings: {}, stages });
  });

  it("has to be one of the contract's, and says which it may have meant", async () => {
    expect(await problemsOf(narrowed("recieved"), STAGED)).toEqual([
      expect.stringMatching(/s\.yaml:12:12 {2}faults\[1\]\.stage: there is no stage "recieved".*"received"/s),
    ]);
    expect(await problemsOf(narrowed("[settled, audit]"), STAGED)).toEqual([
      expect.stringMatching(/faults\[1\]\.stage\[1\]: there is no stage "audit".*known: received, settled/s),
    ]);
    expect(await problemsOf(narrowed("received"), { ...CONFIG, partner: {} })).toEqual([
      expect.stringMatching(/there is no stage "received".*has no stages/s),
    ]);
    expect(await problemsOf(narrowed("received"), CONFIG)).toEqual([]);
  });

  it("is no key of a fault that reports nothing", async () => {
    const text = GOOD.replace(
      "  - fault: callback.missing\n",
      "  - fault: submit.slow\n    stage: received\n",
    );
    expect(await problemsOf(text, STAGED)).toContainEqual(
      expect.stringMatching(/faults\[1\]\.stage: unknown key/),
    );
  });
});

it("a scenario file is loaded with durations in milliseconds and defaults filled in", async () => {
  await write("deep/er/good.yaml", GOOD);
  const result = await load();
  expect(result.ok && result.value).toMatchObject([
    {
      id: "deep/er/good",
      file: join(folder, "deep/er/good.yaml"),
      tags: ["mine"],
      workload: { transactions: 20, rate: 2, control: 0.2 },
      faults: [
        {
          fault: "callback.duplicate",
          settings: { copies: 3, after: "250ms" },
          on: { kind: "where", expression: "start.amount > 1000" },
          during: { kind: "span", fromMs: 0, toMs: 5_000 },
          attempts: { from: 1, to: 3 },
        },
        {
          fault: "callback.missing",
          settings: {},
          on: { kind: "every", nth: 4 },
          during: { kind: "flapping" },
        },
      ],
      expect: {
        detects: { withinMs: 5_000, through: ["state", "alert"] },
        alerts: { withinMs: 8_000, channel: "ops", names: "each", atMost: 5, resolves: { withinMs: 4_000 } },
        recovers: { withinMs: 20_000, by: "operator" },
      },
      waives: { "no-retry-storm": "the vendor asks for immediate retries" },
      bounds: { attemptsPerSecond: 20, gapShrink: 0.25, givesUpMs: 3_000 },
    },
  ]);
  const position = result.ok ? result.value[0]?.faults[1]?.position : undefined;
  expect(position).toMatch(/^neverfails-scenarios-\w+\/deep\/er\/good\.yaml:11:5$/);
});

it("the least that a scenario may say is its title", async () => {
  await write("small.yml", "title: Steady\n");
  const result = await load();
  expect(result.ok && result.value).toMatchObject([
    {
      id: "small",
      workload: { transactions: 12, rate: 12, control: 0.25 },
      faults: [],
      expect: {},
      waives: {},
    },
  ]);
});

describe("a mistake in a scenario", () => {
  it.each([
    [
      "an unknown fault",
      "callback.missing",
      "callback.mising",
      "s.yaml:11:12  faults[1].fault: expected one of",
      'did you mean "callback.missing"?',
    ],
    [
      "a setting of no fault",
      "copies: 3",
      "copys: 3",
      "s.yaml:6:5  faults[0].copys: unknown key",
      'did you mean "copies"?',
    ],
    [
      "a bad setting",
      "copies: 3",
      "copies: many",
      's.yaml:6:13  faults[0].copies: expected a number, got "many"',
      "",
    ],
    [
      "a bad selection",
      "every 4th",
      "each 4th",
      "s.yaml:12:9  faults[1].on: expected all, a share",
      'got "each 4th"',
    ],
    [
      "a bad window",
      "0s..5s",
      "5s..0s",
      "s.yaml:9:13  faults[0].during: expected a time span such as 0s..5s",
      "",
    ],
    [
      "a flapping that never ends",
      "every: 3s, for: 1s",
      "every: 1s, for: 3s",
      "s.yaml:13:13  faults[1].during: `for` must be above 0",
      "",
    ],
    [
      "an unknown field in where",
      "start.amount >",
      "start.amont >",
      's.yaml:8:18  faults[0].on.where: unknown name "start.amont"',
      'did you mean "amount"?',
    ],
    [
      "a where that does not parse",
      "start.amount > 1000",
      "start.amount >",
      "s.yaml:8:18  faults[0].on.where: {{ start.amount > }} does not parse",
      "",
    ],
    [
      "an unknown word",
      "through: [state, alert]",
      "through: [state, alerts]",
      "s.yaml:15:43  expect.detects.through[1]: expected one of state, signal, alert, action",
      'did you mean "alert"?',
    ],
    [
      "an unknown expectation",
      "  detects:",
      "  detect:",
      "s.yaml:15:3  expect.detect: unknown key",
      'did you mean "detects"?',
    ],
    [
      "an expectation that is not in yet",
      "  detects:",
      "  measures: { stuck: stuck }\n  detects:",
      "s.yaml:15:3  expect.measures: `measures` is not in this version",
      "",
    ],
    [
      "an unknown channel",
      "channel: ops",
      "channel: op",
      's.yaml:16:34  expect.alerts.channel: there is no channel "op"',
      'did you mean "ops"?',
    ],
    [
      "an unknown invariant",
      "no-retry-storm:",
      "no-retry-storms:",
      "s.yaml:18:11  waives.no-retry-storms: there is no invariant",
      'did you mean "no-retry-storm"?',
    ],
    [
      "a waiver without a reason",
      '"the vendor asks for immediate retries"',
      '""',
      "s.yaml:18:27  waives.no-retry-storm: needs a reason",
      "",
    ],
    ["a bad rate", "rate: 120/m", "rate: 12", "s.yaml:3:37  workload.rate: expected a text, got 12", ""],
    [
      "a bad share",
      "control: 20%",
      "control: 120%",
      "s.yaml:3:53  workload.control: expected a share such as 30%",
      '"120%"',
    ],
    ["no title", "title: The report never comes\n", "", "s.yaml:1:1  title: is missing; expected a text", ""],
    [
      "a contradiction",
      "expect:\n",
      "expect:\n  absorbs: true\n",
      "s.yaml:17:3  expect.alerts: contradicts `absorbs: true`",
      "",
    ],
  ])("is found with its place: %s", async (_, from, to, start, hint) => {
    expect(GOOD).toContain(from);
    const found = await mistakes(GOOD.replace(from, to));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(start);
    expect(found[0]).toContain(hint);
  });

  it("is refused when faults have no expectation", async () => {
    const [problem] = await mistakes("title: x\nfaults:\n  - fault: callback.missing\n");
    expect(problem).toMatch(/^s\.yaml:2:1 {2}faults: faults without an expectation/);
  });

  it("never comes alone: all mistakes of all files are told at once", async () => {
    await write("a.yaml", "title: 1\nworkloud: {}\n");
    await write("b/c.yaml", "a: [\n");
    const found = await mistakes("title: x\nfaults: [{ fault: no.such }]\nexpect: { absorbs: maybe }\n");
    const files = found.map((line) => line.split(":")[0]);
    expect(files.filter((file) => file === "a.yaml")).toHaveLength(2);
    expect(files.filter((file) => file === "b/c.yaml")).not.toHaveLength(0);
    expect(files.filter((file) => file === "s.yaml")).toHaveLength(2);
  });

  it("about channels is not looked for when no configuration is known", async () => {
    await write("s.yaml", GOOD.replace("channel: ops", "channel: anything"));
    expect((await loadScenarios([folder])).ok).toBe(true);
  });
});

describe("sources of scenarios", () => {
  it("are merged: of two with the same id the later source's wins", async () => {
    await write("same-result-twice/duplicate-at-once.yaml", "title: mine\n");
    const result = await loadScenarios(["shipped", folder]);
    const same = result.ok
      ? result.value.filter(({ id }) => id === "same-result-twice/duplicate-at-once")
      : [];
    expect(same.map(({ title }) => title)).toEqual(["mine"]);
  });

  it("come in a stable order: steady state, then by question, then by name", async () => {
    for (const id of [
      "zebra",
      "unavailable/b",
      "unavailable/a",
      "steady-state",
      "never-reports/x",
      "aardvark/y",
    ]) {
      await write(`${id}.yaml`, `title: ${id}\n`);
    }
    const result = await load();
    expect(result.ok && result.value.map(({ id }) => id)).toEqual([
      "steady-state",
      "unavailable/a",
      "unavailable/b",
      "never-reports/x",
      "aardvark/y",
      "zebra",
    ]);
  });

  it("may be single files, and never follow links in a circle", async () => {
    await write("one.yaml", "title: one\n");
    await symlink(folder, join(folder, "circle"));
    const single = await loadScenarios([join(folder, "one.yaml")]);
    expect(single.ok && single.value.map(({ id }) => id)).toEqual(["one"]);
    const all = await load();
    expect(all.ok && all.value.map(({ id }) => id)).toEqual(["one"]);
  });

  it("that are not there are a mistake", async () => {
    const result = await loadScenarios([join(folder, "nowhere")]);
    expect(!result.ok && result.problems[0]?.message).toBe("there is no such file or folder of scenarios");
  });
});

describe("the shipped catalogue", () => {
  const shipped = loadScenarios(["shipped"]);
  const QUESTIONS: Record<string, string> = {
    unavailable: "What happens if the partner is unavailable?",
    "cannot-process": "What happens if it accepts the request but cannot process it?",
    "never-reports": "What happens if it never reports the result?",
    "unexpected-format": "What happens if it reports the result in an unexpected format?",
    "same-result-twice": "What happens if it sends the same result twice?",
  };

  it("loads, and knows every fault that it injects", async () => {
    const result = await shipped;
    if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
    expect(result.value.length).toBeGreaterThanOrEqual(24);
    const used = result.value.flatMap(({ faults }) => faults.map(({ fault }) => fault));
    expect(used.filter((fault) => !FAULT_NAMES.includes(fault))).toEqual([]);
    expect(result.value.filter(({ faults }) => faults.length === 0).map(({ id }) => id)).toEqual([
      "steady-state",
    ]);
  });

  it("asks each of the five questions in its own words, and plays one of each in the demo", async () => {
    const result = await shipped;
    const scenarios = result.ok ? result.value : [];
    for (const [group, question] of Object.entries(QUESTIONS)) {
      const members = scenarios.filter(({ id }) => id.startsWith(`${group}/`));
      expect(new Set(members.map(({ asks }) => asks)), group).toEqual(new Set([question]));
      expect(
        members.filter(({ tags }) => tags.includes("article")),
        group,
      ).toHaveLength(1);
    }
  });

  it("names no channel and fits one size: eight transactions in less than a second, two of them spared", async () => {
    const result = await shipped;
    for (const { id, expect: demands, workload } of result.ok ? result.value : []) {
      expect(demands.alerts?.channel, id).toBeUndefined();
      // These two need more: as many as there are ways to be wrong, and enough for a storm.
      if (id === "unexpected-format/every-mutation" || id === "same-result-twice/storm") continue;
      expect(workload, id).toEqual({ transactions: 8, rate: 12, control: 0.25 });
    }
  });
});

describe("faults that the runner performs", () => {
  const scenario = (fault: string) =>
    `title: Own side\nfaults:\n  - fault: callback.missing\n  - { ${fault} }\nexpect: { recovers: { within: 1s } }\n`;

  it("need a channel that exists, or first, or all", async () => {
    expect(await mistakes(scenario("fault: alerts.refused, channel: opps"))).toEqual([
      's.yaml:4:39  faults[1].channel: there is no channel "opps"; did you mean "ops"?',
    ]);
    for (const good of ["ops", "first", "all"])
      expect(await mistakes(scenario(`fault: alerts.refused, channel: ${good}`))).toEqual([]);
  });

  it("say when a moment is none, and that nobody can be picked at a time", async () => {
    expect((await mistakes(scenario("fault: system.crash, when: soon"))).join()).toContain(
      "s.yaml:4:34  faults[1].when: expected after-accept, on-callback, or a time such as 2s",
    );
    expect((await mistakes(scenario("fault: system.crash, when: 2s, on: first 1"))).join()).toContain(
      "leave `on` out",
    );
    expect((await mistakes(scenario("fault: alerts.refused, on: first 1"))).join()).toContain(
      "leave `on` out",
    );
    expect(await mistakes(scenario("fault: system.crash, when: on-callback, on: [2]"))).toEqual([]);
    expect((await mistakes(scenario("fault: system.pause, for: 9s"))).join()).toContain("at most 8s");
  });

  it("need a process of ours; where the system runs already, shipped scenarios with them are not mistakes", async () => {
    const attached: KnownConfig = {
      ...CONFIG,
      system: {
        kind: "attached",
        url: "http://127.0.0.1:1",
        ready: { get: "/", withinMs: 1 },
        stop: { signal: "SIGTERM", withinMs: 1 },
        isolation: "suite",
      },
    };
    await write("s.yaml", scenario("fault: system.pause"));
    const own = await load(attached);
    expect(
      own.ok ? [] : own.problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, "")),
    ).toEqual([
      "s.yaml:4:14  faults[1].fault: needs a process to kill or to stop, and neverfails did not start this one; give neverfails.yaml a system.command, or leave this scenario out",
    ]);
    expect((await loadScenarios(["shipped"], attached)).ok).toBe(true);
  });
});
