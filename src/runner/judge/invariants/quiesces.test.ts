import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { key, started } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { statusOf, told } from "../tests-support/verdict-queries.ts";

describe("quiesces", () => {
  const settled = (s: Scene) =>
    s.submit(key, 1_020).decide(key, 1_220).deliver(key, 1_221).settle(key, 2_000);
  test.each<[string, (s: Scene) => Scene, string]>([
    ["silence after everything settled", settled, "passed"],
    ["a poll within the grace", (s) => settled(s).poll(key, 2_500), "passed"],
    ["a poll after it", (s) => settled(s).poll(key, 2_501), "failed"],
    [
      "polling while another one is still pending",
      (s) =>
        settled(s)
          .start("CLM-0002", 1_000)
          .submit("CLM-0002", 1_020)
          .poll(key, 2_800)
          .settle("CLM-0002", 2_900),
      "passed",
    ],
    ["a question about another report", (s) => settled(s).deliver(key, 4_000).poll(key, 4_400), "passed"],
    ["questions long after another report", (s) => settled(s).deliver(key, 4_000).poll(key, 4_501), "failed"],
    ["a submission after it", (s) => settled(s).submit(key, 4_000, { attempt: 2 }), "failed"],
    ["an effect after it", (s) => settled(s).effects(key, 4_000, 2), "failed"],
    [
      "polling for what waits for people",
      (s) => s.submit(key, 1_020).state(key, 2_000, "needs_review").poll(key, 5_000, null),
      "passed",
    ],
    [
      "a replay by an operator",
      (s) =>
        settled(s)
          .add(3_900, { kind: "operator.replayed", key, status: 202 })
          .submit(key, 4_000, { attempt: 2 }),
      "passed",
    ],
    ["not everything at rest", (s) => s.submit(key, 1_020), "not-exercised"],
    [
      "at rest too late to watch",
      (s) => s.submit(key, 1_020).decide(key, 1_220).settle(key, 6_501),
      "not-exercised",
    ],
    ["at rest just long enough", (s) => s.submit(key, 1_020).decide(key, 1_220).settle(key, 6_500), "passed"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "quiesces")).toBe(status);
  });

  test("what followed is counted", () => {
    expect(told(judge(started((s) => settled(s).poll(key, 3_000).poll(key, 5_000))), "quiesces")).toBe(
      "claim CLM-0001: everything had come to rest by 2 s, yet 2 status requests followed, the last at 5 s",
    );
  });
});
