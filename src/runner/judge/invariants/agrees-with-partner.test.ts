import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { decided, key } from "../tests-support/one-claim.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf } from "../tests-support/verdict-queries.ts";

describe("agrees-with-partner", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["the same outcome", (s) => s.poll(key, 2_000).settle(key, 2_100), "passed"],
    ["another outcome", (s) => s.settle(key, 2_100, "denied"), "failed"],
    ["still pending", (s) => s, "failed"],
    ["surfaced to people", (s) => s.state(key, 2_100, "needs_review"), "passed"],
    ["unreadable", (s) => s.state(key, 2_100, null), "inconclusive"],
    [
      "rejected by the ledger, rejected here",
      (s) => s.decide(key, 1_500, "rejected").settle(key, 2_000, "rejected"),
      "passed",
    ],
    [
      "a correction followed",
      (s) => s.settle(key, 1_400).decide(key, 1_500, "denied").settle(key, 2_000, "denied"),
      "passed",
    ],
    [
      "a correction surfaced to people",
      (s) => s.settle(key, 1_400).decide(key, 1_500, "denied").state(key, 2_000, "needs_review"),
      "passed",
    ],
    ["a correction ignored", (s) => s.settle(key, 1_400).decide(key, 1_500, "denied"), "failed"],
    ["a superseded outcome", (s) => s.decide(key, 1_500, "denied").settle(key, 2_000, "paid"), "failed"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "agrees-with-partner")).toBe(status);
  });

  test("of several submissions the one that was decided first is the truth, as it was corrected last", () => {
    const settled = (word: string) =>
      decided((s) =>
        s
          .submit(key, 1_300, { attempt: 2, effect: "accepted", submission: "s2" })
          .decide(key, 1_400, "denied", "s2")
          .settle(key, 1_500, word),
      );
    expect(statusOf(settled("paid"), "agrees-with-partner")).toBe("passed");
    expect(statusOf(settled("denied"), "agrees-with-partner")).toBe("failed");
  });

  test("lost, unexpected, duplicated and recovered are counted", () => {
    const history = decided((s) =>
      s
        .start("CLM-0002", 1_100)
        .settle("CLM-0002", 1_500)
        .start("CLM-0003", 1_200, { ends: "failed" })
        .submit("CLM-0003", 1_210)
        .decide("CLM-0003", 1_400)
        .settle("CLM-0003", 1_500)
        .effects("CLM-0003", 1_700, 2)
        .effects("CLM-0003", 1_800, 1),
    );
    expect(check(judge(history), "agrees-with-partner").reason).toBe(
      "5 compared: 1 lost, 1 unexpected, 1 duplicated, 1 recovered after a start that did not succeed",
    );
  });

  test.each<[string, (s: Scene) => Scene, string]>([
    ["that never saw it settled", (s) => s.decide("CLM-0002", 1_400), "failed"],
    [
      "that settled it",
      (s) => s.decide("CLM-0002", 1_400).poll("CLM-0002", 1_500).settle("CLM-0002", 1_600),
      "passed",
    ],
    ["of which nothing was decided", (s) => s, "passed"],
  ])("what the ledger decided counts for a system that refused the start: one %s", (_, tell, status) => {
    const history = framed({ faults: [{}] }, (s) =>
      tell(
        s
          .start("CLM-0002", 1_000, { ends: "failed" })
          .submit("CLM-0002", 1_002, { cut: "partner" })
          .state("CLM-0002", 1_100, "submitted"),
      ),
    );
    expect(statusOf(history, "agrees-with-partner")).toBe(status);
  });

  test("what was decided just before the end may still be on its way", () => {
    const late = (t: number) =>
      framed({ faults: [{}] }, (s) => s.start(key, 1_000).submit(key, 1_020).decide(key, t));
    expect(statusOf(late(7_500), "agrees-with-partner")).toBe("inconclusive");
    expect(statusOf(late(7_000), "agrees-with-partner")).toBe("failed");
  });
});
