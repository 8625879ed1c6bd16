import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { decided, key } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

describe("no-duplicate-effect", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["one effect", (s) => s.poll(key, 2_000).settle(key, 2_100), "passed"],
    ["two effects", (s) => s.poll(key, 2_000).settle(key, 2_100).effects(key, 2_300, 2), "failed"],
    [
      "two effects for a moment",
      (s) => s.poll(key, 2_000).settle(key, 2_100).effects(key, 2_300, 2).effects(key, 2_400, 1),
      "failed",
    ],
    ["settled without the effect", (s) => s.state(key, 2_100, "paid"), "failed"],
    [
      "an effect for a denied one",
      (s) =>
        s
          .decide(key, 1_500, "denied")
          .poll(key, 2_000, "denied")
          .state(key, 2_100, "denied")
          .effects(key, 2_100, 1),
      "failed",
    ],
    ["pending without an effect", (s) => s, "passed"],
    [
      "the effect of what the ledger took back, with people asked to undo it",
      (s) =>
        s.poll(key, 1_300).settle(key, 1_400).decide(key, 1_500, "denied").state(key, 2_100, "needs_review"),
      "passed",
    ],
    [
      "the effect of what the ledger took back, with nobody asked",
      (s) => s.poll(key, 1_300).settle(key, 1_400).decide(key, 1_500, "denied").state(key, 2_100, "denied"),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-duplicate-effect")).toBe(status);
  });

  test.each<[string, (s: Scene) => Scene, string]>([
    [
      "before anything was told",
      (s) => s.effects(key, 1_100, 1).poll(key, 2_000).settle(key, 2_100),
      "failed",
    ],
    ["just before it was told", (s) => s.settle(key, 1_999).poll(key, 1_998), "failed"],
    ["at the moment of being told", (s) => s.poll(key, 1_998).settle(key, 2_000), "passed"],
    ["told between two samples", (s) => s.poll(key, 1_998).settle(key, 2_100, "paid", 1_500), "passed"],
    [
      "undone before the outcome that calls for none",
      (s) =>
        s
          .effects(key, 1_100, 1)
          .decide(key, 1_500, "denied")
          .poll(key, 2_000, "denied")
          .settle(key, 2_100, "denied"),
      "failed",
    ],
    [
      "on the word of a stage before the last",
      (s) =>
        s
          .deliver(key, 1_250, { interim: "in-review" })
          .effects(key, 1_400, 1)
          .state(key, 1_400, "needs_review"),
      "failed",
    ],
    [
      "on a well-signed lie, told apart from the truth later",
      (s) =>
        s
          .decide(key, 1_240, "denied")
          .deliver(key, 1_250, { content: "false" })
          .effects(key, 1_400, 1)
          .deliver(key, 1_500, { claims: "denied" })
          .settle(key, 1_600, "denied"),
      "passed",
    ],
    [
      "paid, taken back, and paid back while the correction is followed",
      (s) =>
        s
          .poll(key, 1_300)
          .settle(key, 1_400)
          .decide(key, 1_500, "denied")
          .poll(key, 1_600, "denied")
          .settle(key, 1_700, "denied"),
      "passed",
    ],
    [
      "of a result that came by a wrong signature",
      (s) => s.deliver(key, 1_300, { signature: "forged", answer: 401 }).effects(key, 1_500, 1),
      "failed",
    ],
  ])("an effect %s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-duplicate-effect")).toBe(status);
  });

  test("where nothing declares what an outcome calls for, only a second effect is wrong", () => {
    const { expectedEffects: _, ...system } = decided((s) => s).header.system;
    const counted = (effects: number, told = true) => {
      const history = decided((s) =>
        (told ? s.decide(key, 1_240, "denied").poll(key, 1_300, "denied") : s)
          .state(key, 1_500, "denied")
          .effects(key, 1_500, effects),
      );
      return statusOf({ ...history, header: { ...history.header, system } }, "no-duplicate-effect");
    };
    expect(counted(1)).toBe("passed");
    expect(counted(2)).toBe("failed");
    expect(counted(1, false)).toBe("failed");
  });

  test("the line says whether nothing was reported, or nothing that calls for an effect", () => {
    const early = decided((s) => s.effects(key, 1_100, 1));
    expect(told(judge(early), "no-duplicate-effect")).toBe(
      "claim CLM-0001: 1 effect seen since 1.1 s, but Acme had reported no outcome by then",
    );
    const denied = decided((s) =>
      s.decide(key, 1_240, "denied").deliver(key, 1_300, { claims: "denied" }).effects(key, 1_500, 1),
    );
    expect(told(judge(denied), "no-duplicate-effect")).toContain(
      "1 effect seen since 1.5 s, but Acme had reported no outcome that calls for one by then",
    );
  });

  test("without effects to look at it cannot be told", () => {
    expect(
      statusOf(
        decided((s) => s, { system: { observesEffects: false } }),
        "no-duplicate-effect",
      ),
    ).toBe("cannot-tell");
  });

  test.each<[string, (s: Scene) => Scene, string, string]>([
    [
      "too few are a doubt",
      (s) => s.poll(key, 2_000).state(key, 2_100, "paid"),
      "inconclusive",
      "inconclusive",
    ],
    ["enough are enough", (s) => s.poll(key, 2_000).settle(key, 2_100), "passed", "passed"],
    [
      "too many are too many",
      (s) => s.poll(key, 2_000).settle(key, 2_100).effects(key, 2_300, 2),
      "failed",
      "failed",
    ],
    [
      "another outcome is another",
      (s) => s.poll(key, 2_000).settle(key, 2_100, "denied"),
      "failed",
      "passed",
    ],
  ])("of effects that could not be read at last %s", (_, tell, recovers, effects) => {
    const recover = { recovers: { withinMs: 2_000 } };
    const history = decided(tell, { faults: [{}], scenario: { expect: recover } });
    const unread = history.events.filter(
      (event) => !(event.kind === "system.effects" && event.key === key && event.final),
    );
    expect(statusOf({ ...history, events: unread }, "recovers")).toBe(recovers);
    expect(statusOf({ ...history, events: unread }, "no-duplicate-effect")).toBe(effects);
  });

  test("effects that were never read are mentioned and break nothing", () => {
    const history = decided((s) => s.settle(key, 2_100));
    const blind = { ...history, events: history.events.filter(({ kind }) => kind !== "system.effects") };
    expect(check(judge(blind), "no-duplicate-effect")).toMatchObject({
      status: "not-exercised",
      reason: "the effects of 3 claims were never read",
    });
  });
});
