import { describe, expect, test } from "vitest";
import { decided, EXIT, key } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { statusOf } from "../tests-support/verdict-queries.ts";

describe("durable-acknowledgement", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["acknowledged and settled", (s) => s.deliver(key, 1_300).settle(key, 1_500), "passed"],
    ["acknowledged and forgotten", (s) => s.deliver(key, 1_300), "failed"],
    [
      "acknowledged and only surfaced",
      (s) => s.deliver(key, 1_300).state(key, 1_500, "needs_review"),
      "failed",
    ],
    ["refused and not settled", (s) => s.deliver(key, 1_300, { answer: 500 }), "passed"],
    [
      "a broken one acknowledged",
      (s) => s.deliver(key, 1_300, { content: "malformed", claims: null }),
      "passed",
    ],
    ["acknowledged just before the end", (s) => s.deliver(key, 7_500), "inconclusive"],
    ["acknowledged a second before the end", (s) => s.deliver(key, 6_990), "failed"],
    [
      "acknowledged, taken back by the ledger, and surfaced",
      (s) =>
        s
          .deliver(key, 1_300)
          .settle(key, 1_500)
          .decide(key, 2_000, "denied")
          .deliver(key, 2_001, { claims: "denied" })
          .state(key, 2_200, "needs_review"),
      "passed",
    ],
    [
      "acknowledged, taken back by the ledger, and pending again",
      (s) =>
        s.deliver(key, 1_300).settle(key, 1_500).decide(key, 2_000, "denied").state(key, 2_200, "submitted"),
      "failed",
    ],
    [
      "settled, forgotten over a restart",
      (s) => s.deliver(key, 1_300).settle(key, 1_500).state(key, 3_000, "submitted"),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "durable-acknowledgement")).toBe(status);
  });

  const twice = (s: Scene, t = 5_000) => s.deliver(key, 1_300).deliver(key, t);
  test.each<[string, (s: Scene) => Scene, string]>([
    ["settled before the second", (s) => twice(s).settle(key, 4_900), "passed"],
    ["settled only after the second", (s) => twice(s).settle(key, 5_150), "failed"],
    ["last seen unsettled at the second", (s) => twice(s).settle(key, 5_150, "paid", 5_000), "failed"],
    ["settled just before or after the second", (s) => twice(s).settle(key, 5_050), "inconclusive"],
    ["not read between the first and settled", (s) => twice(s).settle(key, 5_150, "paid", 1_250), "passed"],
    ["unreadable until it was settled", (s) => twice(s).state(key, 1_400, null).settle(key, 5_150), "passed"],
    ["the second as soon as the grace allows", (s) => twice(s, 2_305).settle(key, 2_500), "passed"],
    ["the second just after the grace", (s) => twice(s, 2_306).settle(key, 2_500), "failed"],
    [
      "the first refused",
      (s) => s.deliver(key, 1_300, { answer: 503 }).deliver(key, 5_000).settle(key, 5_150),
      "passed",
    ],
    ["asked for in between", (s) => twice(s).poll(key, 4_900).settle(key, 5_150), "passed"],
    ["asked for in vain in between", (s) => twice(s).poll(key, 4_900, null).settle(key, 5_150), "failed"],
    [
      "replayed by an operator in between",
      (s) => twice(s).add(4_900, { kind: "operator.replayed", key, status: 202 }).settle(key, 5_150),
      "passed",
    ],
    [
      "another result the second",
      (s) =>
        s.deliver(key, 1_300, { content: "false", claims: "denied" }).deliver(key, 5_000).settle(key, 5_150),
      "passed",
    ],
    [
      "forged the second",
      (s) =>
        s.deliver(key, 1_300).deliver(key, 5_000, { signature: "forged", answer: 401 }).settle(key, 5_150),
      "passed",
    ],
    [
      "back from a restart for less than the grace",
      (s) =>
        twice(s)
          .add(4_100, { kind: "system.started", url: "x", restart: true })
          .add(1_400, EXIT)
          .settle(key, 5_150),
      "passed",
    ],
    [
      "back from a restart for longer than the grace",
      (s) =>
        twice(s)
          .add(1_900, { kind: "system.started", url: "x", restart: true })
          .add(1_400, EXIT)
          .settle(key, 5_150),
      "failed",
    ],
  ])("acknowledged, delivered again: %s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "durable-acknowledgement")).toBe(status);
  });

  test("without an acknowledged result nothing was exercised", () => {
    const history = decided((s) => s);
    const silent = { ...history, events: history.events.filter(({ kind }) => kind !== "callback.acked") };
    expect(statusOf(silent, "durable-acknowledgement")).toBe("not-exercised");
  });
});
