import { describe, expect, test } from "vitest";
import { attempts, key, started } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { statusOf } from "../tests-support/verdict-queries.ts";

describe("honours-retry-after", () => {
  const told2s = (next: number) => attempts([1_020, next], { retryAfterMs: 2_000 });
  test.each<[string, (s: Scene) => Scene, string]>([
    ["after it has passed", told2s(3_100), "passed"],
    ["50 ms early, which clocks may differ by", told2s(2_972), "passed"],
    ["51 ms early", told2s(2_971), "failed"],
    ["at once", told2s(1_100), "failed"],
    ["never again", attempts([1_020], { retryAfterMs: 2_000 }), "passed"],
    [
      "an operator's replay",
      (s) => told2s(1_500)(s).add(1_400, { kind: "operator.replayed", key, status: 202 }),
      "passed",
    ],
    ["no Retry-After", attempts([1_020, 1_100]), "not-exercised"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "honours-retry-after")).toBe(status);
  });

  test.each<[string, number, number, number, string]>([
    ["within a stall of the harness that began too early for it", 3_300, 3_400, 600, "inconclusive"],
    ["right after such a stall", 3_450, 3_400, 600, "inconclusive"],
    ["long after such a stall", 3_451, 3_400, 600, "passed"],
    ["within a stall that began late enough", 3_300, 3_400, 428, "passed"],
    ["too early, before a stall", 2_000, 3_400, 600, "failed"],
  ])("%s: %#", (_, next, t, ms, status) => {
    const stalled = (s: Scene) => told2s(next)(s).add(t, { kind: "harness.lag", ms });
    expect(statusOf(started(stalled), "honours-retry-after")).toBe(status);
  });

  test("no attempt came before the reply that it follows", () => {
    const stalled = (s: Scene) =>
      attempts([1_020, 1_060], { retryAfterMs: 0 })(s).add(1_030, { kind: "harness.lag", ms: 900 });
    expect(statusOf(started(stalled), "honours-retry-after")).toBe("passed");
  });

  test.each([
    [3_100, "passed"],
    [1_500, "failed"],
  ])("a status that is asked for again at %d", (t, status) => {
    const limited = { kind: "status.replied", status: 429, retryAfterMs: 2_000 } as const;
    const about = { key, attempt: 1, request: "q9", submission: "s1" };
    const history = started((s) =>
      s
        .submit(key, 1_020)
        .add(1_050, { kind: "status.asked", ...about })
        .add(1_060, { ...limited, ...about })
        .poll(key, t),
    );
    expect(statusOf(history, "honours-retry-after")).toBe(status);
  });
});
