import { describe, expect, test } from "vitest";
import { key, started } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { statusOf } from "../tests-support/verdict-queries.ts";

describe("gives-up-waiting", () => {
  const faults = [{ fault: "connection.hangs", point: "connection", onset: "attempt" as const }];
  const bounds = { attemptsPerSecond: 10, gapShrink: 0.25, givesUpMs: 3_000 };
  const hung =
    (takes: number, cut: "client" | "partner" | "open", at = 1_020) =>
    (s: Scene) =>
      s.submit(key, at, { cut, takes, effect: "none", faults: [0] });
  test.each<[string, (s: Scene) => Scene, string]>([
    ["given up in time", hung(2_000, "client"), "passed"],
    ["given up exactly at the bound", hung(3_000, "client"), "passed"],
    ["given up too late", hung(3_051, "client"), "failed"],
    ["still waiting at the end", hung(0, "open"), "failed"],
    ["still waiting, but the run ended before the bound", hung(0, "open", 6_000), "inconclusive"],
    ["closed by the partner before the bound", hung(1_000, "partner"), "inconclusive"],
    ["a slow reply that came beyond the bound", (s) => s.submit(key, 1_020, { takes: 4_000 }), "failed"],
    ["a quick reply", (s) => s.submit(key, 1_020), "not-exercised"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell, { faults, scenario: { bounds } }), "gives-up-waiting")).toBe(status);
  });

  const asked =
    (takes: number, cut: "client" | "partner" | "open" | undefined, at = 1_100) =>
    (s: Scene) =>
      s.submit(key, 1_020).poll(key, at, null, { takes, faults: [0], ...(cut && { cut }) });
  test.each<[string, (s: Scene) => Scene, string]>([
    ["given up in time", asked(2_000, "client"), "passed"],
    ["given up too late", asked(3_051, "client"), "failed"],
    ["still waiting at the end", asked(0, "open"), "failed"],
    ["still waiting, but the run ended before the bound", asked(0, "open", 6_000), "inconclusive"],
    ["closed by the partner before the bound", asked(1_000, "partner"), "inconclusive"],
    ["a slow answer that came beyond the bound", asked(4_000, undefined), "failed"],
  ])("a question about the status, %s: %#", (_, tell, status) => {
    expect(statusOf(started(tell, { faults, scenario: { bounds } }), "gives-up-waiting")).toBe(status);
  });

  test.each<[string, number, number, string]>([
    ["while the harness stopped it", 1_500, 5_000, "passed"],
    ["for longer than that, exactly by the bound", 1_500, 4_499, "passed"],
    ["for longer than that and the bound", 1_500, 4_400, "failed"],
    ["while it was stopped only before", 500, 1_000, "failed"],
  ])("a request that waited %s: %#", (_, paused, resumed, status) => {
    const stopped = (s: Scene) =>
      hung(
        6_049,
        "client",
      )(s)
        .add(paused, { kind: "system.paused", forMs: resumed - paused })
        .add(resumed, { kind: "system.resumed" });
    expect(statusOf(started(stopped, { faults, scenario: { bounds } }), "gives-up-waiting")).toBe(status);
  });

  test.each<[string, number, number, number, string]>([
    ["ended within a stall that began in time", 3_400, 4_400, 500, "inconclusive"],
    ["ended right after a stall that began in time", 3_400, 4_380, 450, "inconclusive"],
    ["ended long after a stall", 3_400, 4_300, 500, "failed"],
    ["ended within a stall that began too late", 3_400, 4_500, 200, "failed"],
    ["began within a stall, so perhaps long before", 2_900, 1_020, 300, "inconclusive"],
    ["began within a stall, and ended early enough", 2_700, 1_020, 300, "passed"],
  ])("a request that %s: %#", (_, takes, t, ms, status) => {
    for (const held of [hung(takes, "client"), asked(takes, "client", 1_020)]) {
      const tell = (s: Scene) => held(s).add(t, { kind: "harness.lag", ms });
      expect(statusOf(started(tell, { faults, scenario: { bounds } }), "gives-up-waiting")).toBe(status);
    }
  });

  test("an older history does not tell how a question ended", () => {
    const { header, events } = started(asked(0, "open"), { faults, scenario: { bounds } });
    const older = { header: { ...header, neverfailsHistory: 1 }, events };
    expect(statusOf(older, "gives-up-waiting")).toBe("not-exercised");
  });

  test("a dripping reply is held open too", () => {
    const drips = [{ fault: "submit.drips", point: "submit", onset: "attempt" as const }];
    const history = started(hung(1_000, "client"), { faults: drips });
    expect(statusOf(history, "gives-up-waiting")).toBe("passed");
  });

  test("a held reply is told from a reset one by the fault's settings", () => {
    const lost = (ending: string) => [
      { fault: "submit.lost-reply", point: "submit", onset: "attempt" as const, settings: { ending } },
    ];
    const tell = (s: Scene) => s.fire(key, 1_020).submit(key, 1_020, { cut: "partner", takes: 2 });
    expect(statusOf(started(tell, { faults: lost("reset") }), "gives-up-waiting")).toBe("not-exercised");
    expect(statusOf(started(tell, { faults: lost("hang") }), "gives-up-waiting")).toBe("inconclusive");
  });
});
