import { describe, expect, test } from "vitest";
import { attempts, key, started } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { statusOf } from "../tests-support/verdict-queries.ts";

describe("honours-rejection", () => {
  const refused = (s: Scene) => s.submit(key, 1_020, { status: 422 });
  test.each<[string, (s: Scene) => Scene, string]>([
    ["not sent again", refused, "passed"],
    ["sent again", (s) => refused(s).submit(key, 1_500, { attempt: 2, status: 422 }), "failed"],
    [
      "locked out, and sent again: nothing was said about the work",
      (s) => s.submit(key, 1_020, { status: 401 }).submit(key, 1_500, { attempt: 2, status: 403 }),
      "not-exercised",
    ],
    ["another body", (s) => refused(s).submit(key, 1_500, { attempt: 2, bodyHash: "other" }), "passed"],
    [
      "an operator's replay",
      (s) =>
        refused(s)
          .add(1_400, { kind: "operator.replayed", key, status: 202 })
          .submit(key, 1_500, { attempt: 2, status: 422 }),
      "passed",
    ],
    [
      "an operator's replay after it was sent again",
      (s) =>
        refused(s)
          .submit(key, 1_500, { attempt: 2, status: 422 })
          .add(1_600, { kind: "operator.replayed", key, status: 202 }),
      "failed",
    ],
    [
      "an operator's replay before the refusal",
      (s) =>
        refused(s.add(1_010, { kind: "operator.replayed", key, status: 202 })).submit(key, 1_500, {
          attempt: 2,
          status: 422,
        }),
      "failed",
    ],
    [
      "on its way before the refusal",
      (s) => refused(s).submit(key, 1_021, { attempt: 2, status: 422 }),
      "passed",
    ],
    ["503 sent again", attempts([1_020, 1_500]), "not-exercised"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "honours-rejection")).toBe(status);
  });
});
