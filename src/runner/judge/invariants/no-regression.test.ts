import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { decided, key } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { statusOf, told } from "../tests-support/verdict-queries.ts";

describe("no-regression", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["settled once", (s) => s.settle(key, 2_100), "passed"],
    ["pending again", (s) => s.settle(key, 2_100).state(key, 2_500, "submitted"), "failed"],
    [
      "asking for attention after it had settled",
      (s) => s.settle(key, 2_100).state(key, 2_500, "needs_review"),
      "failed",
    ],
    ["another outcome", (s) => s.settle(key, 2_100).settle(key, 2_500, "denied"), "failed"],
    [
      "another outcome for one sample",
      (s) => s.settle(key, 2_100).state(key, 2_500, "denied").state(key, 2_600, "paid"),
      "failed",
    ],
    [
      "an unreadable sample in between",
      (s) => s.settle(key, 2_100).state(key, 2_500, null).state(key, 2_600, "paid"),
      "passed",
    ],
    [
      "another outcome behind an unreadable sample",
      (s) => s.settle(key, 2_100).state(key, 2_500, null).state(key, 2_600, "denied"),
      "failed",
    ],
    [
      "a correction that the ledger made itself",
      (s) => s.settle(key, 2_100).decide(key, 2_300, "denied").settle(key, 2_500, "denied"),
      "passed",
    ],
    ["attention, then settled", (s) => s.state(key, 2_000, "needs_review").settle(key, 2_100), "passed"],
    [
      "asking people about a correction of the ledger's",
      (s) => s.settle(key, 2_100).decide(key, 2_300, "denied").state(key, 2_500, "needs_review"),
      "passed",
    ],
    [
      "asking people before the ledger corrected itself",
      (s) => s.settle(key, 2_100).state(key, 2_500, "needs_review").decide(key, 2_600, "denied"),
      "failed",
    ],
    [
      "asking people when the ledger only repeats itself",
      (s) => s.settle(key, 2_100).decide(key, 2_300).state(key, 2_500, "needs_review"),
      "failed",
    ],
    [
      "pending again over a correction",
      (s) => s.settle(key, 2_100).decide(key, 2_300, "denied").state(key, 2_500, "submitted"),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-regression")).toBe(status);
  });

  test("the delivery behind the change is named", () => {
    const history = decided((s) =>
      s.settle(key, 2_100).deliver(key, 2_400, { claims: "denied" }).settle(key, 2_500, "denied"),
    );
    expect(told(judge(history), "no-regression")).toBe(
      'claim CLM-0001: was settled as "paid" since 2.1 s, but shows "denied" since 2.5 s, after a delivery that says "denied" at 2.4 s',
    );
  });
});
