import { describe, expect, test } from "vitest";
import type { Expectations } from "../../../history/header.ts";
import { judge } from "../judge.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

type Demand = Partial<NonNullable<Expectations["alerts"]>>;

/** Results for CLM-0001 and CLM-0002 were due at 2021 and 2221; alerts are due 1 s later. Both settle by 2900. */
function overdue(demand: Demand, tell: (scene: Scene) => Scene, recovers?: Expectations["recovers"]) {
  const expectations = { alerts: { withinMs: 1_000, ...demand }, ...(recovers ? { recovers } : {}) };
  return framed({ faults: [{}], scenario: { expect: expectations } }, (s) => {
    for (const [key, t] of [
      ["CLM-0001", 1_000],
      ["CLM-0002", 1_200],
    ] as const) {
      s.start(key, t)
        .submit(key, t + 20)
        .decide(key, t + 220)
        .fire(key, t + 220);
      if (recovers?.to !== "attention") s.poll(key, 2_750).settle(key, 2_900);
    }
    return tell(s);
  });
}

const EACH: Demand = { names: "each" };
const RESOLVES: Demand = { resolves: { withinMs: 1_000 } };

describe("alerts", () => {
  test.each<[string, Demand, (s: Scene) => Scene, string]>([
    ["one alert that names both", EACH, (s) => s.alert(2_500, "CLM-0001, CLM-0002"), "passed"],
    ["one alert each", EACH, (s) => s.alert(2_500, "CLM-0001").alert(3_000, "CLM-0002"), "passed"],
    ["an alert that names one of two", EACH, (s) => s.alert(2_500, "CLM-0001"), "failed"],
    ["an alert that names nobody, asked to name each", EACH, (s) => s.alert(2_500, "stuck"), "failed"],
    ["an alert that names nobody, asked for any", {}, (s) => s.alert(2_500, "stuck"), "passed"],
    ["an alert for the first that is still open at the second", {}, (s) => s.alert(2_100, "stuck"), "passed"],
    [
      "an alert for the first that was resolved before the second",
      {},
      (s) => s.alert(2_100, "stuck", { channel: "onCall", alert: "a" }).resolve(2_150, "a"),
      "failed",
    ],
    ["only a canary", {}, (s) => s.alert(2_500, "CLM-0001 CLM-0002", { canary: true }), "failed"],
    ["nothing", {}, (s) => s, "failed"],
    [
      "an alert exactly at both deadlines",
      EACH,
      (s) => s.alert(3_021, "CLM-0001").alert(3_221, "CLM-0002"),
      "passed",
    ],
    [
      "an alert just after the deadline",
      EACH,
      (s) => s.alert(2_500, "CLM-0001").alert(3_222, "CLM-0002"),
      "failed",
    ],
    ["an alert exactly at the onset", { channel: "claimsOps" }, (s) => s.alert(2_021, "stuck"), "failed"],
    ["an alert on another channel", { channel: "onCall" }, (s) => s.alert(2_500, "stuck"), "failed"],
    [
      "an alert of another severity",
      { severity: "critical" },
      (s) => s.alert(2_500, "stuck", { severity: "info" }),
      "failed",
    ],
    [
      "an alert of the severity",
      { severity: "critical" },
      (s) => s.alert(2_500, "stuck", { severity: "CRITICAL" }),
      "passed",
    ],
    [
      "an alert that names the partner",
      { names: "partner" },
      (s) => s.alert(2_500, "acme does not report"),
      "passed",
    ],
    [
      "an alert that does not name the partner",
      { names: "partner" },
      (s) => s.alert(2_500, "stuck"),
      "failed",
    ],
    ["as many as allowed", { atMost: 2 }, (s) => s.alert(2_500, "a").alert(2_600, "b"), "passed"],
    [
      "one more than allowed",
      { atMost: 2 },
      (s) => s.alert(2_500, "a").alert(2_600, "b").alert(2_700, "b", { repeat: true }),
      "failed",
    ],
    [
      "repeats that join an open incident",
      { atMost: 1 },
      (s) =>
        s.alert(2_500, "a", { channel: "onCall" }).alert(2_600, "a", { channel: "onCall", repeat: true }),
      "passed",
    ],
    [
      "alerts at the onset are counted as a storm",
      { atMost: 1 },
      (s) => s.alert(2_021, "a").alert(2_500, "b"),
      "failed",
    ],
    [
      "alerts before the onset are not counted as a storm",
      { atMost: 1 },
      (s) => s.alert(1_500, "a").alert(2_500, "b"),
      "passed",
    ],
    [
      "resolved in time",
      RESOLVES,
      (s) => s.alert(2_500, "a", { channel: "onCall" }).resolve(3_500, "a"),
      "passed",
    ],
    [
      "resolved before anything had settled",
      RESOLVES,
      (s) => s.alert(2_500, "a", { channel: "onCall" }).resolve(2_600, "a"),
      "failed",
    ],
    [
      "resolved just before it can have been over",
      RESOLVES,
      (s) => s.alert(2_500, "CLM-0001", { channel: "onCall" }).resolve(2_799, "CLM-0001"),
      "failed",
    ],
    [
      "resolved as soon as it may have been over",
      RESOLVES,
      (s) => s.alert(2_500, "CLM-0001", { channel: "onCall" }).resolve(2_800, "CLM-0001"),
      "passed",
    ],
    [
      "resolved before anything had settled, and again after it",
      RESOLVES,
      (s) => s.alert(2_500, "a", { channel: "onCall" }).resolve(2_600, "a").resolve(3_000, "a"),
      "passed",
    ],
    [
      "resolved when the partner, which it names, took one of them again",
      RESOLVES,
      (s) =>
        s
          .alert(2_500, "a", { channel: "onCall" })
          .submit("CLM-0001", 2_600, { attempt: 2 })
          .resolve(2_602, "a"),
      "passed",
    ],
    [
      "resolved before the partner, which it names, took one of them again",
      RESOLVES,
      (s) =>
        s
          .alert(2_500, "a", { channel: "onCall" })
          .submit("CLM-0001", 2_600, { attempt: 2 })
          .resolve(2_601, "a"),
      "failed",
    ],
    [
      "resolved when the partner, which it names, refused one of them again",
      RESOLVES,
      (s) =>
        s
          .alert(2_500, "a", { channel: "onCall" })
          .submit("CLM-0001", 2_600, { attempt: 2, status: 503, faults: [0] })
          .resolve(2_610, "a"),
      "failed",
    ],
    [
      "resolved when a transaction that it names was taken again, but not right",
      RESOLVES,
      (s) =>
        s
          .alert(2_500, "CLM-0001", { channel: "onCall" })
          .submit("CLM-0001", 2_600, { attempt: 2 })
          .resolve(2_610, "CLM-0001"),
      "failed",
    ],
    [
      "resolved when the one that it names was over, but not yet the others",
      RESOLVES,
      (s) =>
        s
          .alert(2_500, "CLM-0002", { channel: "onCall" })
          .start("CLM-0003", 1_000)
          .submit("CLM-0003", 1_020)
          .decide("CLM-0003", 1_220)
          .fire("CLM-0003", 1_220)
          .resolve(2_900, "CLM-0002")
          .poll("CLM-0003", 4_000)
          .settle("CLM-0003", 4_100),
      "passed",
    ],
    [
      "resolved when another than the one that it names was over",
      RESOLVES,
      (s) =>
        s
          .alert(2_500, "CLM-0003", { channel: "onCall" })
          .start("CLM-0003", 1_000)
          .submit("CLM-0003", 1_020)
          .decide("CLM-0003", 1_220)
          .fire("CLM-0003", 1_220)
          .resolve(2_900, "CLM-0003")
          .poll("CLM-0003", 4_000)
          .settle("CLM-0003", 4_100),
      "failed",
    ],
    [
      "resolved around the deadline",
      RESOLVES,
      (s) => s.alert(2_500, "a", { channel: "onCall" }).resolve(3_850, "a"),
      "inconclusive",
    ],
    [
      "resolved exactly at the earliest deadline",
      RESOLVES,
      (s) => s.alert(2_500, "a", { channel: "onCall" }).resolve(3_800, "a"),
      "passed",
    ],
    [
      "resolved too late",
      RESOLVES,
      (s) => s.alert(2_500, "a", { channel: "onCall" }).resolve(3_901, "a"),
      "failed",
    ],
    ["never resolved", RESOLVES, (s) => s.alert(2_500, "a", { channel: "onCall" }), "failed"],
    ["no alert that could be resolved", RESOLVES, (s) => s.alert(2_500, "a"), "cannot-tell"],
    [
      "fired again after it was resolved",
      RESOLVES,
      (s) =>
        s
          .alert(2_500, "a", { channel: "onCall" })
          .resolve(2_600, "a")
          .alert(2_950, "a", { channel: "onCall" }),
      "failed",
    ],
  ])("%s: %#", (_, demand, tell, status) => {
    expect(statusOf(overdue(demand, tell), "alerts")).toBe(status);
  });

  test("a bound on one channel counts that channel only", () => {
    const both = (s: Scene) =>
      s.alert(2_500, "a").alert(2_510, "a", { channel: "onCall" }).alert(2_600, "b", { channel: "onCall" });
    expect(statusOf(overdue({ channel: "claimsOps", atMost: 1 }, both), "alerts")).toBe("passed");
    expect(statusOf(overdue({ channel: "onCall", atMost: 1 }, both), "alerts")).toBe("failed");
    expect(statusOf(overdue({ atMost: 2 }, both), "alerts")).toBe("failed");
  });

  test("an open problem that people have on their desk need not be resolved", () => {
    const surfaced = (s: Scene) =>
      s
        .alert(2_500, "a", { channel: "onCall" })
        .state("CLM-0001", 2_900, "needs_review")
        .state("CLM-0002", 2_900, "needs_review");
    const verdict = judge(overdue(RESOLVES, surfaced, { withinMs: 3_000, to: "attention" }));
    expect(check(verdict, "alerts")).toMatchObject({ status: "passed" });
    expect(check(verdict, "alerts").reason).toContain("resolves was not exercised");
  });

  test("silence on a channel that was never proven points at the canary", () => {
    const history = overdue({ channel: "claimsOps" }, (s) => s);
    const deaf = { ...history, events: history.events.filter(({ kind }) => kind !== "alert.fired") };
    expect(told(judge(deaf), "alerts")).toContain("alerts.canary");
    expect(told(judge(history), "alerts")).not.toContain("alerts.canary");
  });

  test("without the channel it cannot be told", () => {
    expect(
      statusOf(
        overdue({ channel: "email" }, (s) => s),
        "alerts",
      ),
    ).toBe("cannot-tell");
  });

  test("without a broken promise nothing was exercised", () => {
    const history = framed({ faults: [{}], scenario: { expect: { alerts: { withinMs: 1_000 } } } }, (s) => s);
    expect(statusOf(history, "alerts")).toBe("not-exercised");
  });
});
