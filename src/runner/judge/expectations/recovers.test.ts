import { describe, expect, test } from "vitest";
import type { Expectations, FaultHeader } from "../../../history/header.ts";
import { judge } from "../judge.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

type Demand = Partial<NonNullable<Expectations["recovers"]>>;

/** CLM-0001 is accepted at 1021 and decided at 1220, but not reported. Heal is at 3000: right is due by 5000. */
function stuck(
  tell: (scene: Scene) => Scene,
  demand: Demand = {},
  fault: Partial<FaultHeader> = { selfHealing: false },
) {
  return framed(
    { faults: [fault], scenario: { expect: { recovers: { withinMs: 2_000, ...demand } } } },
    (s) => tell(s.start("CLM-0001", 1_000).submit("CLM-0001", 1_020).fire("CLM-0001", 1_220)),
  );
}

const decided = (s: Scene) => s.decide("CLM-0001", 1_220);

describe("recovers", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["right in time", (s) => decided(s).settle("CLM-0001", 4_000), "passed"],
    ["right exactly at the deadline", (s) => decided(s).settle("CLM-0001", 5_000), "passed"],
    ["right around the deadline", (s) => decided(s).settle("CLM-0001", 5_050), "inconclusive"],
    ["right too late", (s) => decided(s).settle("CLM-0001", 5_100), "failed"],
    ["never", (s) => decided(s), "failed"],
    [
      "settled otherwise than the ledger says",
      (s) => decided(s).settle("CLM-0001", 4_000, "denied"),
      "failed",
    ],
    ["right, but without the effect", (s) => decided(s).state("CLM-0001", 4_000, "paid"), "failed"],
    [
      "right, the effect around the deadline",
      (s) => decided(s).state("CLM-0001", 4_000, "paid").effects("CLM-0001", 5_050, 1),
      "inconclusive",
    ],
    [
      "right, but changed again",
      (s) => decided(s).settle("CLM-0001", 4_000).state("CLM-0001", 4_500, "submitted"),
      "failed",
    ],
    [
      "right, with a failed sample in between",
      (s) =>
        decided(s).settle("CLM-0001", 4_000).state("CLM-0001", 4_500, null).state("CLM-0001", 4_700, "paid"),
      "passed",
    ],
    [
      "right, but unreadable at the end",
      (s) => decided(s).settle("CLM-0001", 4_000).state("CLM-0001", 4_500, null),
      "inconclusive",
    ],
    [
      "a state that `means` does not list",
      (s) => decided(s).state("CLM-0001", 4_000, "frobnicated"),
      "inconclusive",
    ],
    ["unreadable from the start", (s) => decided(s).state("CLM-0001", 1_100, null), "failed"],
    [
      "surfaced, though the truth is known",
      (s) => decided(s).state("CLM-0001", 4_000, "needs_review"),
      "failed",
    ],
    ["the truth was never known", (s) => s, "failed"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(stuck(tell), "recovers")).toBe(status);
  });

  test.each<[string, (s: Scene) => Scene, string]>([
    ["surfaced in time", (s) => s.state("CLM-0001", 5_000, "needs_review"), "passed"],
    ["surfaced around the deadline", (s) => s.state("CLM-0001", 5_050, "needs_review"), "inconclusive"],
    ["surfaced too late", (s) => s.state("CLM-0001", 5_200, "needs_review"), "failed"],
    [
      "surfaced, then right",
      (s) => decided(s).state("CLM-0001", 4_000, "needs_review").settle("CLM-0001", 6_000),
      "passed",
    ],
    [
      "surfaced, then pending again",
      (s) => s.state("CLM-0001", 4_000, "needs_review").state("CLM-0001", 4_500, "submitted"),
      "failed",
    ],
    ["never surfaced", (s) => s, "failed"],
    [
      "surfaced, but unreadable at the end",
      (s) => s.state("CLM-0001", 4_000, "needs_review").state("CLM-0001", 4_500, null),
      "inconclusive",
    ],
    ["unreadable at the end and never surfaced", (s) => s.state("CLM-0001", 4_500, null), "failed"],
  ])("to attention: %s: %#", (_, tell, status) => {
    expect(statusOf(stuck(tell, { to: "attention" }), "recovers")).toBe(status);
  });

  test("a fault that is over by itself gives the time from the onset, not from heal", () => {
    const tell = (s: Scene) => decided(s).settle("CLM-0001", 4_200);
    expect(statusOf(stuck(tell, {}, { selfHealing: true }), "recovers")).toBe("failed");
    expect(statusOf(stuck(tell, {}, { selfHealing: false }), "recovers")).toBe("passed");
  });

  test("of several faults that are over by themselves the last one that was felt gives the time", () => {
    const faults: Partial<FaultHeader>[] = [
      { fault: "submit.unavailable", point: "submit", onset: "attempt", selfHealing: true },
      { fault: "callback.missing", selfHealing: true },
    ];
    const settled = (t: number) =>
      framed({ faults, scenario: { expect: { recovers: { withinMs: 2_000 } } } }, (s) =>
        decided(
          s
            .start("CLM-0001", 1_000)
            .submit("CLM-0001", 1_020, { status: 503, faults: [0] })
            .fire("CLM-0001", 1_020)
            .submit("CLM-0001", 1_200, { attempt: 2, effect: "accepted" })
            .fire("CLM-0001", 1_220, { fault: 1 }),
        ).settle("CLM-0001", t),
      );
    // Accepted at 1201, so the result was due by 2201.
    expect(statusOf(settled(4_201), "recovers")).toBe("passed");
    expect(statusOf(settled(4_301), "recovers")).toBe("failed");
  });

  test("a fault that was felt only after heal gives the time from then", () => {
    const settled = (t: number) =>
      framed(
        { faults: [{ selfHealing: false }], scenario: { expect: { recovers: { withinMs: 2_000 } } } },
        (s) =>
          s
            .start("CLM-0001", 2_500)
            .submit("CLM-0001", 2_520)
            .fire("CLM-0001", 2_600)
            .decide("CLM-0001", 2_720)
            .settle("CLM-0001", t),
      );
    // Accepted at 2521, so the result was due by 3521, half a second after heal.
    expect(statusOf(settled(5_521), "recovers")).toBe("passed");
    expect(statusOf(settled(5_621), "recovers")).toBe("failed");
  });

  test("a refused start that nothing brought back fails, and says so", () => {
    const history = framed({ faults: [{}], scenario: { expect: { recovers: { withinMs: 2_000 } } } }, (s) =>
      s.start("CLM-0001", 1_000, { ends: "failed" }).fire("CLM-0001", 1_020),
    );
    expect(told(judge(history), "recovers")).toBe(
      "claim CLM-0001: the system refused it at 1.01 s (502: bad gateway) and nothing brought it back",
    );
  });

  test("an unanswered start that ends right is fine", () => {
    const history = framed({ faults: [{}], scenario: { expect: { recovers: { withinMs: 2_000 } } } }, (s) => {
      s.start("CLM-0001", 1_000, { ends: "unknown" }).submit("CLM-0001", 1_020).fire("CLM-0001", 1_220);
      return decided(s).settle("CLM-0001", 3_500, "paid").effects("CLM-0001", 3_500, 1);
    });
    expect(statusOf(history, "recovers")).toBe("passed");
  });

  test("the control group has to be right as well", () => {
    const history = stuck((s) =>
      decided(s).settle("CLM-0001", 4_000).start("CLM-0008", 1_100, { group: "control" }),
    );
    expect(told(judge(history), "recovers")).toContain("CLM-0008");
  });

  test("the operator's part is mentioned", () => {
    const tell = (s: Scene) =>
      decided(s)
        .add(3_500, { kind: "operator.replayed", key: "CLM-0001", status: 202 })
        .settle("CLM-0001", 4_000);
    expect(check(judge(stuck(tell, { by: "operator" })), "recovers").reason).toBe(
      "an operator replayed 1 claim",
    );
  });

  test("without `inspect` it cannot be told", () => {
    const history = stuck(decided);
    const { states: _, ...system } = history.header.system;
    const blind = { ...history, header: { ...history.header, system } };
    expect(statusOf(blind, "recovers")).toBe("cannot-tell");
    expect(judge(blind).verdict).toBe("inconclusive");
  });

  test("a run that was cut short before the deadline decides nothing", () => {
    const history = stuck((s) => decided(s).settle("CLM-0001", 7_000), { withinMs: 20_000 });
    const cut = { ...history, events: history.events.filter(({ t }) => t < 6_000) };
    expect(statusOf(cut, "recovers")).toBe("inconclusive");
    const atDeadline = framed(
      { faults: [{ selfHealing: false }], scenario: { expect: { recovers: { withinMs: 5_000 } } } },
      (s) => decided(s.start("CLM-0001", 1_000).submit("CLM-0001", 1_020).fire("CLM-0001", 1_220)),
    );
    expect(statusOf(atDeadline, "recovers")).toBe("failed");
    const unhealed = { ...history, events: history.events.filter(({ t }) => t < 2_900) };
    expect(statusOf(unhealed, "recovers")).toBe("inconclusive");
  });
});
