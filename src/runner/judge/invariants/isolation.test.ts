import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { decided, key } from "../tests-support/one-claim.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

describe("isolation", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["each settles by its own result", (s) => s.deliver(key, 1_300).settle(key, 1_500), "passed"],
    [
      "settled by another one's result",
      (s) => s.happy("CLM-0002", 2_000, "faulted").settle(key, 2_400),
      "failed",
    ],
    [
      "another one's result with another outcome",
      (s) => s.happy("CLM-0002", 2_000, "faulted", "denied").settle(key, 2_400),
      "passed",
    ],
    [
      "a control transaction that did not settle",
      (s) => s.start("CLM-0008", 1_100, { group: "control" }),
      "failed",
    ],
    [
      "a control transaction that took long",
      (s) =>
        s
          .start("CLM-0008", 1_100, { group: "control" })
          .submit("CLM-0008", 1_120)
          .decide("CLM-0008", 1_300)
          .deliver("CLM-0008", 1_301)
          .settle("CLM-0008", 3_551),
      "failed",
    ],
    [
      "a control transaction exactly at the limit",
      (s) =>
        s
          .start("CLM-0008", 1_100, { group: "control" })
          .submit("CLM-0008", 1_120)
          .decide("CLM-0008", 1_300)
          .deliver("CLM-0008", 1_301)
          .settle("CLM-0008", 3_450),
      "passed",
    ],
    [
      "a control transaction around the limit",
      (s) =>
        s
          .start("CLM-0008", 1_100, { group: "control" })
          .submit("CLM-0008", 1_120)
          .decide("CLM-0008", 1_300)
          .deliver("CLM-0008", 1_301)
          .settle("CLM-0008", 3_500),
      "inconclusive",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "isolation")).toBe(status);
  });

  describe("of a report under another reference", () => {
    const stray = { reference: "CLM-0002", content: "false" as const, claims: "denied", faults: [0] };
    const second = (s: Scene) =>
      s.start("CLM-0002", 1_000).submit("CLM-0002", 1_020).deliver(key, 1_300, stray);
    test.each<[string, (s: Scene) => Scene, string, string]>([
      ["refused, both settle right", (s) => second(s).settle(key, 1_500), "passed", "failed"],
      ["believed by its reference", (s) => second(s).settle("CLM-0002", 1_500, "denied"), "failed", "passed"],
      ["believed by its id", (s) => second(s).settle(key, 1_500, "denied"), "failed", "passed"],
      [
        "told by the partner as well",
        (s) =>
          second(s)
            .decide("CLM-0002", 1_350, "denied")
            .poll("CLM-0002", 1_400, "denied")
            .settle("CLM-0002", 1_500, "denied"),
        "passed",
        "passed",
      ],
    ])("%s: %#", (_, tell, status, invented) => {
      const history = decided(tell);
      expect(statusOf(history, "isolation")).toBe(status);
      expect(statusOf(history, "no-invented-result")).toBe(invented);
    });

    const paying = { ...stray, claims: "approved" };
    const beside = (s: Scene) =>
      s.start("CLM-0002", 1_000).submit("CLM-0002", 1_020).deliver(key, 1_300, paying);
    test.each<[string, (s: Scene) => Scene, string]>([
      ["by neither", (s) => beside(s).deliver(key, 1_400).settle(key, 1_500), "passed"],
      ["by the one that it refers to", (s) => beside(s).effects("CLM-0002", 1_500, 1), "failed"],
      ["by the one whose id it carries", (s) => beside(s).effects(key, 1_500, 1), "failed"],
      ["at that moment or before", (s) => beside(s).effects("CLM-0002", 1_350, 1), "inconclusive"],
      [
        "told by the partner as well",
        (s) => beside(s).poll("CLM-0002", 1_400).effects("CLM-0002", 1_500, 1),
        "passed",
      ],
      [
        "twice for what was told once",
        (s) => beside(s).poll("CLM-0002", 1_400).settle("CLM-0002", 1_500).effects("CLM-0002", 1_600, 2),
        "passed",
      ],
      ["when it calls for nothing", (s) => second(s).effects("CLM-0002", 1_500, 1), "passed"],
    ])("paid %s: %#", (_, tell, status) => {
      expect(statusOf(decided(tell), "isolation")).toBe(status);
    });

    test("its onset is the delivery, for the one whose report it is", () => {
      const history = framed(
        {
          faults: [{ fault: "callback.misdirected", onset: "delivery" }],
          scenario: { expect: { detects: { withinMs: 200 } } },
        },
        (s) => second(s.start(key, 1_000).submit(key, 1_020)).fire(key, 1_250),
      );
      expect(told(judge(history), "detects")).toContain("callback.misdirected: delivered at 1.3 s");
    });
  });

  test("what only another one's result explains is isolation's alone", () => {
    const verdict = judge(decided((s) => s.happy("CLM-0002", 2_000, "faulted").settle(key, 2_400)));
    expect(check(verdict, "no-invented-result").status).toBe("passed");
    expect(told(verdict, "isolation")).toContain(
      "nothing but the callback for CLM-0002 at 2.22 s explains it",
    );
  });

  test("a control transaction that has not had its time decides nothing", () => {
    const started = (t: number) => decided((s) => s.start("CLM-0008", t, { group: "control" }));
    // The baseline took 350 ms, so 2.35 s are allowed; the run ends at 8 s.
    const latest = 8_000 - 2_350;
    expect(statusOf(started(latest - 1), "isolation")).toBe("failed");
    expect(statusOf(started(latest), "isolation")).toBe("inconclusive");
  });

  test("where nobody could be spared there is no control group", () => {
    const history = decided((s) => s.start("CLM-0008", 1_100, { group: "control" }), {
      faults: [{ spares: false }],
    });
    expect(statusOf(history, "isolation")).toBe("passed");
  });
});
