import { describe, expect, test } from "vitest";
import { key, started } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { statusOf } from "../tests-support/verdict-queries.ts";

describe("no-false-alarm", () => {
  const overdue = (s: Scene) => s.submit(key, 1_020).fire(key, 1_220);
  test.each<[string, (s: Scene) => Scene, string]>([
    ["an alert after the onset", (s) => overdue(s).alert(2_500, "x"), "passed"],
    ["an alert exactly at the onset", (s) => overdue(s).alert(2_021, "x"), "passed"],
    ["an alert just before the onset", (s) => overdue(s).alert(2_020, "x"), "failed"],
    ["an alert in the baseline", (s) => overdue(s).alert(500, "x"), "failed"],
    ["an alert though nothing was broken", (s) => s.alert(2_500, "x"), "failed"],
    ["only canaries", (s) => overdue(s).alert(500, "x", { canary: true }), "passed"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "no-false-alarm")).toBe(status);
  });

  test("silence counts only on a proven channel", () => {
    const history = started(overdue);
    const deaf = { ...history, events: history.events.filter(({ kind }) => kind !== "alert.fired") };
    expect(statusOf(deaf, "no-false-alarm")).toBe("cannot-tell");
    expect(statusOf(started(overdue, { system: { channels: [] } }), "no-false-alarm")).toBe("cannot-tell");
  });
});
