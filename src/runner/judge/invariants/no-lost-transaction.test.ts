import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { decided, key, noInspect } from "../tests-support/one-claim.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

describe("no-lost-transaction", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["settled", (s) => s.poll(key, 2_000).settle(key, 2_100), "passed"],
    [
      "surfaced with an alert that names it",
      (s) => s.state(key, 2_500, "needs_review").alert(2_600, `look at ${key}`),
      "passed",
    ],
    [
      "surfaced with an alert that names nobody",
      (s) => s.state(key, 2_500, "needs_review").alert(2_600, "look"),
      "failed",
    ],
    ["surfaced without an alert", (s) => s.state(key, 2_500, "needs_review"), "failed"],
    ["pending with an open alert that names it", (s) => s.alert(2_600, `look at ${key}`), "passed"],
    [
      "pending with an alert that was closed",
      (s) => s.alert(2_600, key, { channel: "onCall" }).resolve(2_700, key),
      "failed",
    ],
    ["pending with nothing but a log line", (s) => s.log(key, 2_600, "hm"), "failed"],
    ["never readable again", (s) => s.state(key, 2_600, null), "failed"],
    [
      "unreadable after it had settled",
      (s) => s.poll(key, 2_000).settle(key, 2_100).state(key, 2_600, null),
      "inconclusive",
    ],
    [
      "unreadable at the end, surfaced with an alert that names it before",
      (s) => s.state(key, 2_500, "needs_review").alert(2_600, key).state(key, 7_900, null),
      "passed",
    ],
    [
      "unreadable for long, surfaced with an alert that names it before",
      (s) => s.state(key, 2_500, "needs_review").alert(2_600, key).state(key, 3_000, null),
      "passed",
    ],
    [
      "unreadable at the end, surfaced without an alert before",
      (s) => s.state(key, 2_500, "needs_review").state(key, 7_900, null),
      "inconclusive",
    ],
    [
      "unreadable at the end, pending with an open alert before",
      (s) => s.alert(2_600, key).state(key, 7_900, null),
      "passed",
    ],
    [
      "unreadable at the end, pending with a closed alert before",
      (s) => s.alert(2_600, key, { channel: "onCall" }).resolve(2_700, key).state(key, 7_900, null),
      "inconclusive",
    ],
    ["unreadable for just under a second, pending before", (s) => s.state(key, 7_001, null), "inconclusive"],
    ["unreadable for a second, pending before", (s) => s.state(key, 7_000, null), "failed"],
    ["a state that is not listed", (s) => s.state(key, 2_600, "frobnicated"), "inconclusive"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-lost-transaction")).toBe(status);
  });

  test("a failing line says what was promised, what was seen, since when, and what only the log says", () => {
    const verdict = judge(
      framed({ faults: [{}] }, (s) =>
        s.start(key, 1_000).submit(key, 1_199).log(key, 2_600, "no callback yet"),
      ),
    );
    expect(told(verdict, "no-lost-transaction")).toBe(
      'claim CLM-0001: accepted by Acme at 1.2 s, result due by 2.2 s; still "submitted" at 8 s; no alert names it; its log says "no callback yet" — logged only',
    );
    const seqs = check(verdict, "no-lost-transaction").findings[0]?.events ?? [];
    expect(seqs.length).toBeGreaterThanOrEqual(3);
  });

  test("a refused start was never taken; an unanswered one that the partner has was", () => {
    const ends = (how: "failed" | "unknown") =>
      framed({ faults: [{}] }, (s) =>
        s.start(key, 1_000, { ends: how }).submit(key, 1_020).state(key, 1_100, "submitted"),
      );
    expect(statusOf(ends("failed"), "no-lost-transaction")).toBe("passed");
    expect(statusOf(ends("unknown"), "no-lost-transaction")).toBe("failed");
  });

  test("a result that was not due before the run ended decides nothing", () => {
    expect(
      statusOf(
        decided((s) => s, { faults: [{}], partner: { promisesMs: 60_000 } }),
        "no-lost-transaction",
      ),
    ).toBe("inconclusive");
    const unreadable = decided((s) => s.state(key, 3_000, null), {
      faults: [{}],
      partner: { promisesMs: 60_000 },
    });
    expect(statusOf(unreadable, "no-lost-transaction")).toBe("inconclusive");
  });

  test("without `inspect` it cannot be told, without a channel neither whether people were told", () => {
    expect(
      statusOf(
        noInspect((s) => s),
        "no-lost-transaction",
      ),
    ).toBe("cannot-tell");
    const surfaced = decided((s) => s.state(key, 2_500, "needs_review"), { system: { channels: [] } });
    expect(statusOf(surfaced, "no-lost-transaction")).toBe("cannot-tell");
  });
});
