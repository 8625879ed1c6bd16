import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { started } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

describe("stays-up", () => {
  const ready = { name: "ready" };
  test.each<[string, (s: Scene) => Scene, string]>([
    ["alive", (s) => s, "passed"],
    [
      "stopped by the harness",
      (s) => s.add(7_900, { kind: "system.exited", code: 0, signal: null, expected: true, logTail: [] }),
      "passed",
    ],
    [
      "crashed",
      (s) =>
        s.add(2_000, {
          kind: "system.exited",
          code: 1,
          signal: null,
          expected: false,
          logTail: ["TypeError: x"],
        }),
      "failed",
    ],
    [
      "readiness silent for 2 s",
      (s) => s.signal(2_000, null, ready).signal(4_100, null, { ...ready, since: 4_000, value: 200 }),
      "failed",
    ],
    [
      "readiness silent for about 2 s",
      (s) => s.signal(2_000, null, ready).signal(4_000, null, { ...ready, since: 3_900, value: 200 }),
      "inconclusive",
    ],
    [
      "readiness silent for a moment",
      (s) => s.signal(2_000, null, ready).signal(2_500, null, { ...ready, value: 200 }),
      "passed",
    ],
    [
      "readiness silent over a restart that was asked for",
      (s) =>
        s
          .signal(2_000, null, ready)
          .add(1_950, { kind: "system.exited", code: null, signal: "SIGKILL", expected: true, logTail: [] })
          .add(4_500, { kind: "system.started", url: "u", restart: true })
          .signal(5_000, null, { ...ready, value: 200 }),
      "passed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "stays-up")).toBe(status);
  });

  test("the last lines of the log are quoted", () => {
    const crashed = started((s) =>
      s.add(2_000, {
        kind: "system.exited",
        code: 1,
        signal: null,
        expected: false,
        logTail: ["TypeError: x"],
      }),
    );
    expect(told(judge(crashed), "stays-up")).toBe(
      `the system's process ended by itself at 2 s (exit code 1); its last lines: "TypeError: x"`,
    );
    expect(check(judge(crashed), "stays-up").findings[0]).not.toHaveProperty("key");
  });

  test("an attached system without a readiness signal cannot be told", () => {
    expect(
      statusOf(
        started((s) => s, { system: { owned: false } }),
        "stays-up",
      ),
    ).toBe("cannot-tell");
  });
});
