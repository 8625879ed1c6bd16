import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import type { SceneOptions } from "../tests-support/history-builder.ts";
import { decided, key } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

describe("no-silent-discard", () => {
  const malformed = { content: "malformed", claims: null, mutation: "wrong-type", field: "outcome" } as const;
  test.each<[string, (s: Scene) => Scene, string]>([
    [
      "acknowledged and surfaced",
      (s) => s.deliver(key, 1_300, malformed).state(key, 1_500, "needs_review"),
      "passed",
    ],
    ["acknowledged and alerted", (s) => s.deliver(key, 1_300, malformed).alert(1_500, key), "passed"],
    [
      "acknowledged, alerted without its name",
      (s) => s.deliver(key, 1_300, malformed).alert(1_500, "bad payload"),
      "failed",
    ],
    ["acknowledged, named only before", (s) => s.alert(1_200, key).deliver(key, 1_300, malformed), "failed"],
    ["acknowledged and swallowed", (s) => s.deliver(key, 1_300, malformed), "failed"],
    [
      "acknowledged, swallowed, fetched by asking",
      (s) => s.deliver(key, 1_300, malformed).poll(key, 2_000).settle(key, 2_100),
      "failed",
    ],
    ["refused", (s) => s.deliver(key, 1_300, { ...malformed, answer: 422 }), "passed"],
    [
      "read leniently and acted on",
      (s) => s.deliver(key, 1_300, { ...malformed, claims: "approved" }).settle(key, 1_500),
      "passed",
    ],
    ["never sent", (s) => s.deliver(key, 1_300), "not-exercised"],
    ["forged besides", (s) => s.deliver(key, 1_300, { ...malformed, signature: "forged" }), "not-exercised"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-silent-discard")).toBe(status);
  });

  test("with neither states nor channels it cannot be told, nor without states unless an alert names it", () => {
    const swallowed = (options: SceneOptions) => decided((s) => s.deliver(key, 1_300, malformed), options);
    const blind = (history: ReturnType<typeof decided>) => {
      const { states: _, ...system } = history.header.system;
      return { ...history, header: { ...history.header, system } };
    };
    const deaf = swallowed({ faults: [{}], system: { channels: [] } });
    expect(statusOf(blind(deaf), "no-silent-discard")).toBe("cannot-tell");
    expect(statusOf(deaf, "no-silent-discard")).toBe("failed");
    const unseen = blind(swallowed({ faults: [{}] }));
    expect(check(judge(unseen), "no-silent-discard")).toMatchObject({ status: "cannot-tell", exercised: 1 });
    expect(check(judge(unseen), "no-silent-discard").reason).toContain("no alert names it");
    const named = blind(decided((s) => s.deliver(key, 1_300, malformed).alert(1_500, key)));
    expect(statusOf(named, "no-silent-discard")).toBe("passed");
    const refused = blind(decided((s) => s.deliver(key, 1_300, { ...malformed, answer: 422 })));
    expect(statusOf(refused, "no-silent-discard")).toBe("passed");
  });

  test.each<[string, (s: Scene) => Scene, string]>([
    ["swallowed", (s) => s, "failed"],
    ["refused", (s) => s.deliver(key, 1_301, { ...malformed, reference: "CLM-0009", answer: 422 }), "failed"],
    ["surfaced for the one whose report it is", (s) => s.state(key, 1_500, "needs_review"), "passed"],
    ["surfaced for the one that it refers to", (s) => s.alert(1_500, "CLM-0009"), "passed"],
  ])("one under another reference is none the better for it: %s", (_, tell, status) => {
    const astray = { ...malformed, reference: "CLM-0009" };
    expect(
      statusOf(
        decided((s) => tell(s.deliver(key, 1_300, astray))),
        "no-silent-discard",
      ),
    ).toBe(status);
  });

  test("the mutation is named", () => {
    expect(told(judge(decided((s) => s.deliver(key, 1_300, malformed))), "no-silent-discard")).toContain(
      "a malformed result (wrong-type of outcome) was sent at 1.3 s and answered with 204, but nobody was told",
    );
  });
});
