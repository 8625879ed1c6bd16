import { describe, expect, test } from "vitest";
import { key, started } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { statusOf } from "../tests-support/verdict-queries.ts";

describe("no-duplicate-submission", () => {
  const replay = (s: Scene) => s.add(1_400, { kind: "operator.replayed", key, status: 202 });
  const again = (s: Scene, submission: string, t: number) =>
    s.submit(key, t, { attempt: 2, effect: "accepted", submission });
  test.each<[string, (s: Scene) => Scene, string]>([
    ["accepted once", (s) => s.submit(key, 1_020), "passed"],
    ["sent twice, accepted once", (s) => s.submit(key, 1_020).submit(key, 1_500, { attempt: 2 }), "passed"],
    [
      "accepted twice",
      (s) => s.submit(key, 1_020).submit(key, 1_500, { attempt: 2, effect: "accepted", submission: "s2" }),
      "failed",
    ],
    [
      "accepted again after the partner had lost it",
      (s) =>
        s
          .submit(key, 1_020, { submission: "s1" })
          .add(1_200, { kind: "submission.lost", key, submission: "s1" })
          .submit(key, 1_500, { attempt: 2, effect: "accepted", submission: "s2" }),
      "passed",
    ],
    [
      "accepted again after an operator's replay",
      (s) => again(replay(s.submit(key, 1_020)), "s2", 1_500),
      "passed",
    ],
    [
      "accepted again at the moment of the replay",
      (s) => again(replay(s.submit(key, 1_020)), "s2", 1_399),
      "passed",
    ],
    [
      "accepted again before an operator's replay",
      (s) => replay(again(s.submit(key, 1_020), "s2", 1_200)),
      "failed",
    ],
    [
      "accepted twice after an operator's replay",
      (s) => again(again(replay(s.submit(key, 1_020)), "s2", 1_500), "s3", 1_600),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "no-duplicate-submission")).toBe(status);
  });

  test("nothing accepted, nothing exercised", () => {
    const history = started((s) => s);
    const none = { ...history, events: history.events.filter(({ kind }) => kind !== "submission.accepted") };
    expect(statusOf(none, "no-duplicate-submission")).toBe("not-exercised");
  });
});
