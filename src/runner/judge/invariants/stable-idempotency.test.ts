import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { key, started } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

describe("stable-idempotency", () => {
  const again = (options: object) => (s: Scene) =>
    s.submit(key, 1_020, { status: 503 }).submit(key, 1_500, { attempt: 2, ...options });
  test.each<[string, (s: Scene) => Scene, string]>([
    ["the same key and body", again({}), "passed"],
    ["another key", again({ idempotencyKey: "other" }), "failed"],
    ["another body", again({ bodyHash: "other" }), "failed"],
    ["a key that belongs to another transaction", again({ idempotencyKey: "ik-CLM-0009" }), "failed"],
    [
      "a new key after a final refusal",
      (s) =>
        s
          .submit(key, 1_020, { status: 422 })
          .submit(key, 1_500, { attempt: 2, idempotencyKey: "x", bodyHash: "y" }),
      "passed",
    ],
    [
      "a new key after a replay by an operator",
      (s) =>
        s
          .submit(key, 1_020, { status: 503 })
          .add(1_300, { kind: "operator.replayed", key, status: 202 })
          .submit(key, 1_500, { attempt: 2, idempotencyKey: "x" }),
      "passed",
    ],
    [
      "a new key before a replay by an operator",
      (s) => again({ idempotencyKey: "x" })(s).add(1_600, { kind: "operator.replayed", key, status: 202 }),
      "failed",
    ],
    [
      "a new key after the partner had lost it",
      (s) =>
        s
          .submit(key, 1_020)
          .add(1_200, { kind: "submission.lost", key, submission: `s-${key}` })
          .submit(key, 1_500, { attempt: 2, idempotencyKey: "x" }),
      "passed",
    ],
    [
      "a new key before the partner lost it",
      (s) =>
        s
          .submit(key, 1_020)
          .submit(key, 1_500, { attempt: 2, idempotencyKey: "x" })
          .add(1_600, { kind: "submission.lost", key, submission: `s-${key}` }),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "stable-idempotency")).toBe(status);
  });

  test("a contract that keeps no keys exercises nothing", () => {
    const history = started(again({ idempotencyKey: "other" }), { partner: { idempotent: false } });
    expect(statusOf(history, "stable-idempotency")).toBe("not-exercised");
  });

  test("each transaction with a key could have shared it", () => {
    expect(check(judge(started((s) => s.submit(key, 1_020))), "stable-idempotency")).toMatchObject({
      status: "passed",
      exercised: 3,
    });
  });

  test("both attempts are told", () => {
    expect(told(judge(started(again({ idempotencyKey: "other" }))), "stable-idempotency")).toBe(
      'claim CLM-0001: attempt 2 at 1.5 s carried another idempotency key ("ik-CLM-0001", then "other") than attempt 1 at 1.02 s',
    );
  });
});
