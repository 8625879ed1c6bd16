import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

/** The result for CLM-0001 comes again at 2000. */
function twice(tell: (scene: Scene) => Scene) {
  const faults = [{ fault: "callback.duplicate", onset: "second-delivery" as const }];
  return framed({ faults, scenario: { expect: { absorbs: true } } }, (s) =>
    tell(
      s
        .happy("CLM-0001", 1_000, "faulted")
        .fire("CLM-0001", 2_000)
        .deliver("CLM-0001", 2_000, { faults: [0] }),
    ),
  );
}

describe("absorbs", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["no harm and no alert", (s) => s, "passed"],
    ["an alert after the second delivery", (s) => s.alert(2_001, "duplicate"), "failed"],
    ["an alert at the second delivery", (s) => s.alert(2_000, "duplicate"), "failed"],
    ["an alert just before it, which is no-false-alarm's", (s) => s.alert(1_999, "hm"), "passed"],
    ["an alert before it, which is no-false-alarm's", (s) => s.alert(1_900, "hm"), "passed"],
    ["a second effect", (s) => s.effects("CLM-0001", 2_200, 2), "failed"],
    ["a state that went back", (s) => s.state("CLM-0001", 2_200, "submitted"), "failed"],
    ["a state that cannot be read at the end", (s) => s.state("CLM-0001", 2_200, null), "inconclusive"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(twice(tell), "absorbs")).toBe(status);
  });

  test("on channels that were never proven silence proves nothing", () => {
    const history = twice((s) => s);
    const deaf = { ...history, events: history.events.filter(({ kind }) => kind !== "alert.fired") };
    expect(check(judge(deaf), "absorbs")).toMatchObject({ status: "cannot-tell" });
    expect(check(judge(deaf), "absorbs").reason).toContain("not even a canary");
    expect(judge(deaf).verdict).toBe("inconclusive");
  });

  test("one channel that was proven says nothing about another that was not", () => {
    const history = twice((s) => s);
    const half = {
      ...history,
      events: history.events.filter((event) => event.kind !== "alert.fired" || event.channel !== "onCall"),
    };
    expect(check(judge(half), "absorbs")).toMatchObject({ status: "cannot-tell" });
    expect(check(judge(half), "absorbs").reason).toContain(
      "nothing ever arrived on onCall, not even a canary",
    );
    expect(check(judge(half), "absorbs").reason).not.toContain("claimsOps");
  });

  test("harm is harm even when the channels are not proven", () => {
    const history = twice((s) => s.effects("CLM-0001", 2_200, 2));
    const deaf = { ...history, events: history.events.filter(({ kind }) => kind !== "alert.fired") };
    expect(statusOf(deaf, "absorbs")).toBe("failed");
  });

  test("without a channel it cannot be told whether anybody was woken", () => {
    const history = twice((s) => s);
    const header = { ...history.header, system: { ...history.header.system, channels: [] } };
    expect(statusOf({ ...history, header }, "absorbs")).toBe("cannot-tell");
  });

  test("a fault that fired on nobody exercised nothing", () => {
    const history = framed({ faults: [{}], scenario: { expect: { absorbs: true } } }, (s) => s);
    expect(statusOf(history, "absorbs")).toBe("not-exercised");
  });

  test("the alert is quoted", () => {
    expect(told(judge(twice((s) => s.alert(2_500, "duplicate!"))), "absorbs")).toBe(
      'nobody was to be woken, but an alert came on claimsOps at 2.5 s: "duplicate!"',
    );
  });
});
