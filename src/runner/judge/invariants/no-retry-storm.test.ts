import { describe, expect, test } from "vitest";
import type { PollOptions } from "../tests-support/history-builder.ts";
import { attempts, key, started } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { statusOf } from "../tests-support/verdict-queries.ts";

describe("no-retry-storm", () => {
  const burst = (count: number, every: number) =>
    attempts(Array.from({ length: count }, (_, i) => 1_020 + i * every));
  test.each<[string, (s: Scene) => Scene, string]>([
    ["10 attempts in a second", burst(10, 100), "passed"],
    ["11 attempts, the last exactly a second after the first", burst(11, 100), "passed"],
    ["11 attempts within a second", burst(11, 99), "failed"],
    [
      "11 attempts within a second at a locked door",
      (s) =>
        Array.from({ length: 11 }, (_, i) => i).reduce(
          (told, i) => told.submit(key, 1_020 + i * 99, { attempt: i + 1, status: 401 }),
          s,
        ),
      "failed",
    ],
    ["growing waits", attempts([1_020, 1_220, 1_620, 2_420]), "passed"],
    ["equal waits", attempts([1_020, 2_020, 3_020, 4_020]), "passed"],
    ["waits that shrink within the jitter", attempts([1_020, 2_022, 2_774, 3_400]), "passed"],
    ["a wait that shrinks exactly as far as allowed", attempts([1_020, 3_022, 4_224]), "passed"],
    ["a wait that shrinks too far", attempts([1_020, 3_022, 4_223]), "failed"],
    ["layered retries", attempts([1_020, 1_120, 1_220, 4_220, 4_320]), "failed"],
    ["a wait that Retry-After set", attempts([1_020, 3_022, 3_524], { retryAfterMs: 500 }), "passed"],
    [
      "another kind of failure in between",
      (s) =>
        s
          .submit(key, 1_020, { status: 503 })
          .submit(key, 3_020, { attempt: 2, cut: "partner", effect: "none" })
          .submit(key, 3_300, { attempt: 3 }),
      "passed",
    ],
    [
      "a restart in between",
      (s) =>
        attempts([1_020, 3_022, 3_324])(s).add(3_100, { kind: "system.started", url: "u", restart: true }),
      "passed",
    ],
    [
      "an operator in between",
      (s) => attempts([1_020, 3_022, 3_324])(s).add(3_100, { kind: "operator.replayed", key, status: 202 }),
      "passed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "no-retry-storm")).toBe(status);
  });

  const questions = (count: number, every: number, options: PollOptions) => (s: Scene) =>
    Array.from({ length: count }, (_, i) => 1_100 + i * every).reduce(
      (told, t) => told.poll(key, t, null, options),
      s.submit(key, 1_020),
    );
  test.each<[string, (s: Scene) => Scene, string]>([
    ["10 in a second, all refused", questions(10, 100, { status: 503 }), "passed"],
    ["11 within a second, all refused", questions(11, 99, { status: 503 }), "failed"],
    ["11 within a second, all cut off", questions(11, 99, { cut: "partner" }), "failed"],
    ["20 within a second, all answered", questions(20, 50, {}), "not-exercised"],
  ])("questions about the status: %s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "no-retry-storm")).toBe(status);
  });

  test("one attempt each exercises nothing", () => {
    expect(
      statusOf(
        started((s) => s.submit(key, 1_020)),
        "no-retry-storm",
      ),
    ).toBe("not-exercised");
  });

  test("where nobody listens the unseen attempts make gaps meaningless, but not rates", () => {
    const faults = [{ fault: "connection.refused", onset: "start" as const }];
    expect(statusOf(started(attempts([1_020, 3_022, 3_324]), { faults }), "no-retry-storm")).toBe("passed");
    expect(statusOf(started(burst(30, 20), { faults }), "no-retry-storm")).toBe("failed");
  });
});
