import { describe, expect, test } from "vitest";
import type { History } from "../../history/header.ts";
import { EXPECTATION_IDS, INVARIANT_IDS } from "../../history/verdict.ts";
import { invariants } from "./invariants/index.ts";
import { judge } from "./judge.ts";
import type { SceneOptions } from "./tests-support/history-builder.ts";
import { scene } from "./tests-support/history-builder.ts";
import { framed, PASSING, type Scene } from "./tests-support/passing-histories.ts";
import { check, idsOf, statusOf } from "./tests-support/verdict-queries.ts";

const RECOVERS = { expect: { recovers: { withinMs: 3_000 } } };

/** A missing callback that is fetched by asking: passes unless the test spoils something. */
function recovered(options: SceneOptions = {}, tell: (scene: Scene) => Scene = (s) => s): History {
  return framed({ faults: [{}], scenario: RECOVERS, ...options }, (s) =>
    tell(
      s
        .start("CLM-0001", 1_000, { value: 250 })
        .submit("CLM-0001", 1_020)
        .decide("CLM-0001", 1_220)
        .fire("CLM-0001", 1_220)
        .poll("CLM-0001", 2_300)
        .settle("CLM-0001", 2_450),
    ),
  );
}

describe("a trustworthy system passes", () => {
  test.each(Object.entries(PASSING))("%s", (_, history) => {
    const verdict = judge(history());
    const open = verdict.checks.filter(({ status }) => !["passed", "not-exercised"].includes(status));
    expect({ verdict: verdict.verdict, reasons: verdict.reasons, open }).toEqual({
      verdict: "passed",
      reasons: [],
      open: [],
    });
  });

  test("every invariant is judged in every scenario, and every declared expectation", () => {
    const verdict = judge(PASSING.missingCallbackPolled());
    expect(verdict.checks.map(({ id }) => id)).toEqual([
      ...EXPECTATION_IDS.filter((id) => id !== "absorbs"),
      ...INVARIANT_IDS,
    ]);
  });

  test("judging changes nothing and says the same twice, also after a round trip through JSON", () => {
    const history = PASSING.outageRetried();
    const before = structuredClone(history);
    const verdict = judge(history);
    expect(history).toEqual(before);
    expect(judge(JSON.parse(JSON.stringify(history)) as History)).toEqual(verdict);
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });
});

describe("a verdict needs evidence", () => {
  const inconclusive: [string, History, RegExp][] = [
    [
      "a fault that never fired",
      recovered({ faults: [{}, { fault: "callback.late", position: "scenarios/x.yaml:9:5" }] }),
      /^the fault callback\.late \(scenarios\/x\.yaml:9:5\) never fired$/,
    ],
    [
      "a sick baseline",
      recovered({}, (s) =>
        s
          .start("BASE-2", 100, { group: "baseline" })
          .submit("BASE-2", 120)
          .decide("BASE-2", 4_700)
          .deliver("BASE-2", 4_701)
          .settle("BASE-2", 5_000),
      ),
      /^the baseline was already sick: claim BASE-2: .*/,
    ],
    [
      "a drain that ran into its deadline",
      recovered({}, (s) =>
        s.add(7_000, { kind: "phase.incomplete", reason: "the drain took too long", keys: ["CLM-0001"] }),
      ),
      /^the drain took too long \(CLM-0001\)$/,
    ],
    [
      "nobody spared and nothing driven after heal",
      recovered({ faults: [{ spares: false }] }),
      /nothing was driven after heal/,
    ],
    [
      "an expectation without a channel to see it on",
      recovered({ scenario: { expect: { alerts: { withinMs: 1_000 } } }, system: { channels: [] } }),
      /^alerts: cannot tell: no alert channel is configured$/,
    ],
    [
      "an expectation that nothing exercised",
      recovered({ scenario: { expect: { ...RECOVERS.expect, absorbs: true } }, system: { channels: [] } }),
      /^absorbs: cannot tell/,
    ],
  ];
  test.each(inconclusive)("%s leaves it open", (_, history, reason) => {
    const verdict = judge(history);
    expect(idsOf(verdict, "failed")).toEqual([]);
    expect(verdict.verdict).toBe("inconclusive");
    expect(verdict.reasons.join("\n")).toMatch(new RegExp(reason.source, "m"));
  });

  test("a missing baseline leaves it open", () => {
    const history = recovered();
    const verdict = judge({ ...history, events: history.events.filter(({ key }) => key !== "BASE-1") });
    expect(verdict.verdict).toBe("inconclusive");
    expect(verdict.reasons).toEqual([
      "there was no baseline: nothing shows that the system works without faults",
    ]);
  });

  test("a system that was sick before any fault fails nothing, and what was not exercised stays so", () => {
    const sick = scene({ faults: [{}], scenario: RECOVERS })
      .phase(0, "baseline")
      .canary()
      .start("BASE-1", 10, { group: "baseline" })
      .submit("BASE-1", 30)
      .end(4_000)
      .history();
    const verdict = judge(sick);
    expect(verdict.verdict).toBe("inconclusive");
    expect(idsOf(verdict, "failed")).toEqual([]);
    expect(check(verdict, "no-lost-transaction")).toMatchObject({
      status: "inconclusive",
      findings: [{ status: "inconclusive" }],
    });
    expect(statusOf(sick, "rejects-forgery")).toBe("not-exercised");
    expect(statusOf(sick, "no-false-alarm")).toBe("passed");
  });

  test("an empty history proves nothing", () => {
    const { header } = recovered();
    expect(judge({ header, events: [] })).toMatchObject({ verdict: "inconclusive" });
    expect(judge({ header, events: [] }).reasons[0]).toBe("no transaction was driven");
  });

  test("a failed check decides, and the weak evidence is still mentioned", () => {
    const verdict = judge(
      recovered({}, (s) => s.start("CLM-0008", 1_100, { group: "control" }).submit("CLM-0008", 1_120)),
    );
    expect(verdict.verdict).toBe("failed");
    expect(check(verdict, "isolation").status).toBe("failed");
    expect(verdict.reasons).toContain("1 of 2 transactions that were spared did not settle right (CLM-0008)");
  });

  test("a harness that stood still leaves timing open and safety decided", () => {
    const late = (s: Scene) =>
      s
        .settle("CLM-0001", 2_460)
        .start("CLM-0002", 1_100)
        .submit("CLM-0002", 1_120)
        .decide("CLM-0002", 1_300)
        .fire("CLM-0002", 1_300)
        .poll("CLM-0002", 6_900)
        .settle("CLM-0002", 7_000);
    const lag = (ms: number) => (s: Scene) => late(s).add(4_000, { kind: "harness.lag", ms });
    expect(statusOf(recovered({}, late), "recovers")).toBe("failed");
    expect(statusOf(recovered({}, lag(1_000)), "recovers")).toBe("failed");
    expect(statusOf(recovered({}, lag(1_001)), "recovers")).toBe("inconclusive");
    expect(judge(recovered({}, (s) => lag(5_000)(s).effects("CLM-0001", 3_000, 2))).verdict).toBe("failed");
  });
});

describe("a steady state is judged by what settles right", () => {
  const steady = (tell: (s: Scene) => Scene) =>
    tell(scene({}).canary().happy("CLM-0001", 10)).end(4_000).history();
  test("all right passes", () => {
    expect(judge(steady((s) => s)).verdict).toBe("passed");
  });
  test("a refused start fails, although no invariant was broken", () => {
    const verdict = judge(steady((s) => s.start("CLM-0002", 50, { ends: "failed" })));
    expect(verdict.verdict).toBe("failed");
    expect(verdict.reasons).toEqual([
      expect.stringContaining(
        "steady state: claim CLM-0002: the system refused it at 60 ms (502: bad gateway)",
      ),
    ]);
  });
  test("a transaction that waits for people fails", () => {
    const verdict = judge(
      steady((s) =>
        s
          .start("CLM-0002", 50)
          .submit("CLM-0002", 60)
          .decide("CLM-0002", 90)
          .state("CLM-0002", 300, "needs_review"),
      ),
    );
    expect(verdict.verdict).toBe("failed");
  });
});

describe("a check that throws", () => {
  const spoiled = recovered();
  const { bounds: _, ...scenario } = spoiled.header.scenario;
  const broken = JSON.parse(
    JSON.stringify({ ...spoiled, header: { ...spoiled.header, scenario } }),
  ) as History;

  test("is an error with its message", () => {
    const verdict = judge({
      ...broken,
      events: recovered({}, (s) => s.submit("CLM-0001", 2_000, { attempt: 2 })).events,
    });
    expect(verdict.verdict).toBe("error");
    expect(idsOf(verdict, "error")).toEqual(["no-retry-storm", "gives-up-waiting"]);
    expect(check(verdict, "no-retry-storm").reason).toContain("attemptsPerSecond");
    expect(verdict.reasons).toContainEqual(expect.stringMatching(/^no-retry-storm: the check itself failed/));
  });

  test("hides no other check", () => {
    const twice = recovered({}, (s) => s.effects("CLM-0001", 3_000, 2));
    const verdict = judge({ ...broken, events: twice.events });
    expect(idsOf(verdict, "failed")).toContain("no-duplicate-effect");
    expect(verdict.checks).toHaveLength(1 + INVARIANT_IDS.length);
    expect(verdict.counts.transactions).toBe(2);
  });

  test("cannot be waived away", () => {
    const waives = { "gives-up-waiting": "we know" };
    const verdict = judge({
      ...broken,
      header: { ...broken.header, scenario: { ...broken.header.scenario, waives } },
    });
    expect(check(verdict, "gives-up-waiting").status).toBe("error");
  });

  test("a history that cannot be read at all is an error, not a crash", () => {
    const verdict = judge(
      JSON.parse('{"header":{},"events":[{"kind":"start.invoked","key":"a","t":1}]}') as History,
    );
    expect(verdict.verdict).toBe("error");
    expect(verdict.reasons[0]).toContain("the history cannot be read");
  });
});

describe("waives", () => {
  const twice = (waives: Record<string, string>) =>
    recovered({ scenario: { expect: { recovers: { withinMs: 4_000, to: "attention" } }, waives } }, (s) =>
      s.effects("CLM-0001", 2_600, 2).effects("CLM-0001", 2_700, 1),
    );

  test("an invariant that is waived is judged, shown and left out of the verdict", () => {
    expect(judge(twice({})).verdict).toBe("failed");
    const verdict = judge(twice({ "no-duplicate-effect": "the ledger nets them" }));
    expect(verdict.verdict).toBe("passed");
    expect(check(verdict, "no-duplicate-effect").status).toBe("waived");
    expect(check(verdict, "no-duplicate-effect").reason).toMatch(
      /^waived: the ledger nets them; would have been failed: claim CLM-0001: 1 effect at most, 2 seen/,
    );
  });

  test("another waiver waives nothing", () => {
    expect(judge(twice({ quiesces: "polls for ever", toString: "x" })).verdict).toBe("failed");
  });
});

describe("findings", () => {
  const many = (count: number, at: (index: number) => number) =>
    framed({ faults: [{}] }, (s) => {
      for (let i = 0; i < count; i++) {
        const key = `CLM-1${String(i).padStart(3, "0")}`;
        s.start(key, at(i))
          .submit(key, at(i) + 20)
          .fire(key, at(i) + 100);
      }
      return s;
    });

  test("the same story about several transactions is told once", () => {
    const [finding, ...rest] = check(judge(many(12, () => 1_000)), "no-lost-transaction").findings;
    expect(rest).toEqual([]);
    expect(finding?.text).toMatch(
      /^12 × claim \(CLM-1000, CLM-1001, CLM-1002, CLM-1003, CLM-1004 and 7 more\): accepted by Acme/,
    );
  });

  test("what failed is told before what is open", () => {
    const history = recovered({}, (s) => {
      s.start("CLM-0002", 1_000)
        .submit("CLM-0002", 1_020)
        .fire("CLM-0002", 1_220)
        .state("CLM-0002", 1_500, "frobnicated");
      return s.start("CLM-0003", 1_000).submit("CLM-0003", 1_020).fire("CLM-0003", 1_220);
    });
    const { findings } = check(judge(history), "no-lost-transaction");
    expect(findings.map(({ status, key }) => [status, key])).toEqual([
      ["failed", "CLM-0003"],
      ["inconclusive", "CLM-0002"],
    ]);
  });

  test("at most 20 are told, then how many more", () => {
    const { findings } = check(judge(many(30, (i) => 1_000 + i * 20)), "no-lost-transaction");
    expect(findings).toHaveLength(21);
    expect(findings.at(-1)).toMatchObject({ status: "failed", text: "and 10 more" });
  });
});

describe("measures and counts", () => {
  test("those that never got there are counted, not averaged away", () => {
    const history = recovered({}, (s) => {
      s.start("CLM-0002", 1_000, { value: 100 })
        .submit("CLM-0002", 1_020)
        .decide("CLM-0002", 1_220)
        .fire("CLM-0002", 1_220);
      return s.start("CLM-0003", 1_500, { ends: "failed" }).log("CLM-0002", 2_500, "no result");
    });
    const { measures, counts } = judge(history);
    expect(measures.detect).toEqual({ count: 1, medianMs: 279, worstMs: 279, never: 1 });
    expect(measures.alert).toEqual({ count: 0, medianMs: null, worstMs: null, never: 2 });
    expect(measures.recover).toMatchObject({ count: 2, never: 2 });
    expect(measures.delay).toMatchObject({ count: 2, worstMs: 1_450, never: 2 });
    expect(measures.loggedOnly).toBe(1);
    expect(counts).toEqual({
      transactions: 4,
      affected: 2,
      control: 1,
      startFailed: 1,
      startUnknown: 0,
      settledRight: 2,
      settledWrong: 0,
      attention: 0,
      pending: 2,
      valueAtRisk: 100,
      fired: { "callback.missing": 2 },
    });
  });
});

test("every invariant describes itself in one sentence each", () => {
  expect(Object.keys(invariants)).toEqual([...INVARIANT_IDS]);
  for (const { summary, brokenBy } of Object.values(invariants)) {
    expect(summary.length).toBeGreaterThan(20);
    expect(brokenBy.length).toBeGreaterThan(5);
  }
});

describe("a scenario that was cut short", () => {
  const cut = {
    kind: "phase.incomplete" as const,
    reason: "interrupted",
    keys: [] as string[],
    cut: true as const,
  };

  /** Decided and never reported; the callback is missing and nobody asks. */
  const lost = (tell: (s: Scene) => Scene) =>
    framed({ faults: [{}], scenario: RECOVERS }, (s) =>
      tell(
        s
          .start("CLM-0001", 1_000)
          .submit("CLM-0001", 1_020)
          .decide("CLM-0001", 1_220)
          .fire("CLM-0001", 1_220)
          .state("CLM-0001", 7_900, "submitted"),
      ),
    );

  test("fails nothing by what had not come yet", () => {
    expect(judge(lost((s) => s)).verdict).toBe("failed");
    const verdict = judge(lost((s) => s.add(7_950, cut)));
    expect(verdict.verdict).toBe("inconclusive");
    expect(verdict.reasons).toContain("interrupted");
    expect(idsOf(verdict, "failed")).toEqual([]);
  });

  test("still fails by what was seen", () => {
    const twice = judge(recovered({}, (s) => s.effects("CLM-0001", 3_500, 2).add(7_950, cut)));
    expect(idsOf(twice, "failed")).toContain("no-duplicate-effect");
    expect(twice.verdict).toBe("failed");
  });
});

describe("signals", () => {
  test.each([
    ["healthy before any fault", (s: Scene) => s, { readable: true, healthy: true }],
    ["red all along", (s: Scene) => s.signal(500, false, { since: 10 }), { readable: true, healthy: false }],
  ])("%s", (_what, tell, worth) => {
    const history = framed({ faults: [{}], scenario: RECOVERS }, (s) => s);
    const [name] = history.header.system.signals;
    const early = scene({}).phase(0, "baseline").signal(10, true, { since: 0 });
    const events = tell(early).end(900).history().events;
    expect(judge({ header: history.header, events }).signals).toEqual([{ name, ...worth }]);
  });

  test("without a single reading", () => {
    const { header } = framed({ faults: [{}], scenario: RECOVERS }, (s) => s);
    const [name] = header.system.signals;
    const { events } = scene({}).phase(0, "baseline").end(900).history();
    expect(judge({ header, events }).signals).toEqual([{ name, readable: false, healthy: null }]);
  });
});
