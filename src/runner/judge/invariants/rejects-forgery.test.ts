import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { decided, key } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

describe("rejects-forgery", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["a forged one refused", (s) => s.deliver(key, 1_300, { signature: "forged", answer: 401 }), "passed"],
    ["a forged one answered 2xx", (s) => s.deliver(key, 1_300, { signature: "forged" }), "failed"],
    ["an unsigned one answered 2xx", (s) => s.deliver(key, 1_300, { signature: "missing" }), "failed"],
    ["an old one answered 2xx", (s) => s.deliver(key, 1_300, { signature: "stale" }), "failed"],
    [
      "a forged one refused and believed",
      (s) => s.deliver(key, 1_300, { signature: "forged", answer: 401 }).settle(key, 1_500),
      "failed",
    ],
    [
      "a forged one without an answer",
      (s) => s.deliver(key, 1_300, { signature: "forged", answer: null }),
      "passed",
    ],
    [
      "a forged one refused, settled so before",
      (s) => s.settle(key, 1_290).deliver(key, 1_300, { signature: "forged", answer: 401 }),
      "passed",
    ],
    [
      "an old one refused and believed",
      (s) => s.deliver(key, 1_300, { signature: "stale", answer: 401 }).settle(key, 1_500),
      "failed",
    ],
    [
      "a captured one answered 2xx again, soon",
      (s) =>
        s
          .deliver(key, 1_300)
          .deliver(key, 1_400, { faults: [0] })
          .settle(key, 1_500),
      "not-exercised",
    ],
    [
      "a captured one answered 2xx again, when it was too old",
      (s) => s.deliver(key, 1_300).deliver(key, 1_400, { faults: [0], signature: "stale" }),
      "failed",
    ],
    [
      "a forged one refused and paid",
      (s) => s.deliver(key, 1_300, { signature: "forged", answer: 401 }).effects(key, 1_500, 1),
      "failed",
    ],
    [
      "a forged one refused, paid at that moment or before",
      (s) => s.deliver(key, 1_300, { signature: "forged", answer: 401 }).effects(key, 1_350, 1),
      "inconclusive",
    ],
    [
      "a forged one refused, paid before",
      (s) => s.effects(key, 1_290, 1).deliver(key, 1_300, { signature: "forged", answer: 401 }),
      "passed",
    ],
    [
      "a forged one refused, the genuine one paid",
      (s) =>
        s.deliver(key, 1_300, { signature: "forged", answer: 401 }).deliver(key, 1_310).settle(key, 1_500),
      "passed",
    ],
    [
      "a forged one refused, the genuine one paid twice",
      (s) =>
        s
          .deliver(key, 1_300, { signature: "forged", answer: 401 })
          .deliver(key, 1_310)
          .settle(key, 1_500)
          .effects(key, 1_600, 2),
      "passed",
    ],
    [
      "a forged one that calls for nothing refused, paid for another reason",
      (s) =>
        s.deliver(key, 1_300, { signature: "forged", claims: "denied", answer: 401 }).effects(key, 1_500, 1),
      "passed",
    ],
    ["none sent", (s) => s.deliver(key, 1_300), "not-exercised"],
    [
      "a genuine one refused, as by a system that knows only the old secret",
      (s) => s.deliver(key, 1_300, { answer: 401 }).deliver(key, 1_800, { attempt: 2 }),
      "not-exercised",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "rejects-forgery")).toBe(status);
  });

  test.each<[string, (s: Scene) => Scene, number, string]>([
    ["refused", (s) => s, 401, "passed"],
    ["answered 2xx", (s) => s, 204, "failed"],
    ["refused and believed of the one whose report it is", (s) => s.settle(key, 1_500), 401, "failed"],
    ["refused and believed of the one that it refers to", (s) => s.settle("CLM-0002", 1_500), 401, "failed"],
    ["refused and paid for that one", (s) => s.effects("CLM-0002", 1_500, 1), 401, "failed"],
  ])("an unsigned one under another reference, %s: %#", (_, tell, answer, status) => {
    const astray = { reference: "CLM-0002", signature: "missing", content: "false", answer } as const;
    const history = decided((s) =>
      tell(s.start("CLM-0002", 1_000).submit("CLM-0002", 1_020).deliver(key, 1_300, astray)),
    );
    expect(check(judge(history), "rejects-forgery")).toMatchObject({ status, exercised: 1 });
  });

  test("a result for a transaction that nobody submitted is not to be answered 2xx", () => {
    const about = (answer: number) => decided((s) => s.deliver("CLM-9999", 1_300, { faults: [0], answer }));
    expect(statusOf(about(204), "rejects-forgery")).toBe("failed");
    expect(statusOf(about(404), "rejects-forgery")).toBe("passed");
    const beside = (answer: number, signs = "standard-webhooks") =>
      decided(
        (s) => s.deliver(key, 1_300, { reference: "CLM-9999", content: "false", faults: [0], answer }),
        {
          faults: [{}],
          partner: { signs },
        },
      );
    expect(statusOf(beside(204), "rejects-forgery")).toBe("failed");
    expect(statusOf(beside(204, "none"), "rejects-forgery")).toBe("failed");
    expect(statusOf(beside(404), "rejects-forgery")).toBe("passed");
    expect(told(judge(beside(204)), "rejects-forgery")).toBe(
      "claim CLM-0001: a delivery about CLM-9999, which nobody submitted, was sent at 1.3 s and answered with 204; it was to be refused",
    );
  });

  test("a contract that signs nothing cannot be forged", () => {
    const history = decided((s) => s.deliver(key, 1_300, { signature: "none" }), {
      partner: { signs: "none" },
    });
    expect(statusOf(history, "rejects-forgery")).toBe("not-exercised");
  });
});
