import { describe, expect, test } from "vitest";
import type { DetectThrough } from "../../../history/header.ts";
import { judge } from "../judge.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

/** The callback for CLM-0001 never comes: accepted at 1021, due at 2021; a sign is due 1 s later, at 3021. */
function overdue(tell: (scene: Scene) => Scene, through?: DetectThrough[], promisesMs = 1_000) {
  const detects = { withinMs: 1_000, ...(through ? { through } : {}) };
  return framed({ faults: [{}], scenario: { expect: { detects } }, partner: { promisesMs } }, (s) =>
    tell(
      s.start("CLM-0001", 1_000).submit("CLM-0001", 1_020).decide("CLM-0001", 1_220).fire("CLM-0001", 1_220),
    ),
  );
}

describe("detects", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["a state that asks for attention", (s) => s.state("CLM-0001", 2_500, "needs_review"), "passed"],
    [
      "attention from before the onset that is still there",
      (s) => s.state("CLM-0001", 1_700, "needs_review"),
      "passed",
    ],
    [
      "attention that was over before the onset",
      (s) => s.state("CLM-0001", 1_500, "needs_review").state("CLM-0001", 1_900, "submitted"),
      "failed",
    ],
    ["a signal that turned unhealthy", (s) => s.signal(2_500, false), "passed"],
    ["a signal that was unhealthy before", (s) => s.signal(1_500, false), "failed"],
    ["an alert that names it", (s) => s.alert(2_500, "stuck: CLM-0001."), "passed"],
    ["an alert that names it by the system's id", (s) => s.alert(2_500, "stuck: id-CLM-0001"), "passed"],
    ["an alert that names nobody", (s) => s.alert(2_500, "some claims are stuck"), "failed"],
    ["an alert that names a longer key", (s) => s.alert(2_500, "stuck: CLM-00012"), "failed"],
    ["an alert before the onset", (s) => s.alert(1_900, "stuck: CLM-0001"), "failed"],
    ["a poll", (s) => s.poll("CLM-0001", 2_500, null), "passed"],
    ["a poll before the onset", (s) => s.poll("CLM-0001", 1_900, null), "failed"],
    ["a resubmission", (s) => s.submit("CLM-0001", 2_500, { attempt: 2 }), "passed"],
    [
      "a resubmission that an operator asked for",
      (s) =>
        s
          .add(2_400, { kind: "operator.replayed", key: "CLM-0001", status: 202 })
          .submit("CLM-0001", 2_500, { attempt: 2 })
          .poll("CLM-0001", 2_600, null),
      "failed",
    ],
    [
      "a resubmission before an operator asked for one",
      (s) =>
        s
          .submit("CLM-0001", 2_400, { attempt: 2 })
          .add(2_500, { kind: "operator.replayed", key: "CLM-0001", status: 202 }),
      "passed",
    ],
    ["a log line", (s) => s.log("CLM-0001", 2_500, "no callback yet"), "failed"],
    ["nothing", (s) => s, "failed"],
    ["a sign exactly at the deadline", (s) => s.alert(3_021, "CLM-0001"), "passed"],
    ["a sign just after the deadline", (s) => s.alert(3_022, "CLM-0001"), "failed"],
    [
      "a state that changed around the deadline",
      (s) => s.state("CLM-0001", 3_100, "needs_review"),
      "inconclusive",
    ],
    ["a state seen exactly at the deadline", (s) => s.state("CLM-0001", 3_021, "needs_review"), "passed"],
    [
      "a state that was still pending at the deadline",
      (s) => s.state("CLM-0001", 3_200, "needs_review", 3_021),
      "failed",
    ],
    [
      "a sign around the deadline beside one in time",
      (s) => s.state("CLM-0001", 3_100, "needs_review").poll("CLM-0001", 2_900, null),
      "passed",
    ],
    [
      "unreadable samples that hide the deadline",
      (s) => s.state("CLM-0001", 2_900, null).state("CLM-0001", 3_300, "needs_review"),
      "inconclusive",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(overdue(tell), "detects")).toBe(status);
  });

  test("attention that was last seen exactly at the onset counts, one that may have been over by then does not decide", () => {
    const until = (lastSeen: number) => (s: Scene) =>
      s.state("CLM-0001", 1_500, "needs_review").state("CLM-0001", 2_100, "submitted", lastSeen);
    expect(statusOf(overdue(until(2_021)), "detects")).toBe("passed");
    expect(statusOf(overdue(until(2_020)), "detects")).toBe("inconclusive");
  });

  test("attention that an unreadable sample hides around the onset decides nothing", () => {
    const hidden = (s: Scene) => s.state("CLM-0001", 1_500, "needs_review").state("CLM-0001", 1_900, null);
    expect(statusOf(overdue(hidden), "detects")).toBe("inconclusive");
  });

  test("what was detected is not logged only, whatever its log says", () => {
    const verdict = judge(overdue((s) => s.poll("CLM-0001", 2_500, null).log("CLM-0001", 2_500, "polling")));
    expect(verdict.measures.loggedOnly).toBe(0);
  });

  test("a state within the deadline counts only from what `through` lists", () => {
    const byState = (s: Scene) => s.state("CLM-0001", 2_500, "needs_review");
    expect(statusOf(overdue(byState, ["state"]), "detects")).toBe("passed");
    expect(statusOf(overdue(byState, ["alert", "action"]), "detects")).toBe("failed");
  });

  test("a log line is quoted and graded as logged only", () => {
    const verdict = judge(overdue((s) => s.log("CLM-0001", 2_500, "no callback yet")));
    expect(told(verdict, "detects")).toMatch(
      /^claim CLM-0001: callback\.missing: the result was due by 2\.02 s; a sign .* due by 3\.02 s, none came .*still "submitted" at 8 s; its log says "no callback yet" — logged only$/,
    );
    expect(verdict.measures.loggedOnly).toBe(1);
  });

  test("a result that was fetched before the promise ran out is no failure that could be detected", () => {
    const verdict = judge(overdue((s) => s.poll("CLM-0001", 1_500).settle("CLM-0001", 1_700)));
    expect(check(verdict, "detects")).toMatchObject({ status: "not-exercised", exercised: 0 });
    expect(check(verdict, "detects").reason).toContain("had the result before Acme broke its promise");
    expect(verdict.verdict).toBe("inconclusive");
  });

  test("a run that ended before the deadline decides nothing", () => {
    const history = overdue((s) => s, undefined, 6_500);
    expect(statusOf(history, "detects")).toBe("inconclusive");
  });

  test("a way of detecting that is not configured cannot be told", () => {
    const detects = { withinMs: 1_000, through: ["signal" as const] };
    const history = framed(
      { faults: [{}], scenario: { expect: { detects } }, system: { signals: [] } },
      (s) => s,
    );
    expect(statusOf(history, "detects")).toBe("cannot-tell");
  });

  test("the onset of a bad status reply is the poll that met it, also when nobody waited for the reply", () => {
    const faults = [{ fault: "status.slow", point: "status", onset: "poll" as const }];
    const detects = { withinMs: 1_000, through: ["alert" as const] };
    const ask = (s: Scene, t: number, request: string) =>
      s.add(t, { kind: "status.asked", key: "CLM-0001", attempt: 1, request, submission: "s-CLM-0001" });
    const alerted = (t: number) =>
      framed({ faults, scenario: { expect: { detects } } }, (s) => {
        s.start("CLM-0001", 1_000)
          .submit("CLM-0001", 1_020)
          .decide("CLM-0001", 1_220)
          .fire("CLM-0001", 1_500);
        ask(ask(s, 1_500, "given-up").alert(t, "CLM-0001: no answer").fire("CLM-0001", 3_000), 3_000, "slow");
        return s.add(6_000, {
          kind: "status.replied",
          key: "CLM-0001",
          attempt: 2,
          request: "slow",
          submission: "s-CLM-0001",
          status: 200,
          state: "settled",
          outcome: "approved",
          faults: [0],
        });
      });
    expect(statusOf(alerted(2_500), "detects")).toBe("passed");
    expect(statusOf(alerted(2_501), "detects")).toBe("failed");
    expect(statusOf(alerted(2_500), "no-false-alarm")).toBe("passed");
    expect(statusOf(alerted(1_499), "no-false-alarm")).toBe("failed");
    const replied = (t: number) =>
      framed({ faults, scenario: { expect: { detects } } }, (s) =>
        s
          .start("CLM-0001", 1_000)
          .submit("CLM-0001", 1_020)
          .poll("CLM-0001", 1_498, null, { faults: [0] })
          .fire("CLM-0001", 1_600)
          .alert(t, "CLM-0001: no answer"),
      );
    expect(statusOf(replied(2_500), "detects")).toBe("passed");
    expect(statusOf(replied(2_501), "detects")).toBe("failed");
  });

  test("signals that only carry numbers cannot tell; one with health beside them can", () => {
    const detects = { withinMs: 1_000, through: ["signal" as const] };
    const counted = (signals: string[]) =>
      framed({ faults: [{}], scenario: { expect: { detects } }, system: { signals } }, (s) =>
        s
          .start("CLM-0001", 1_000)
          .submit("CLM-0001", 1_020)
          .fire("CLM-0001", 1_220)
          .signal(2_200, null, { name: "stuck", value: 1 }),
      );
    expect(statusOf(counted(["stuck"]), "detects")).toBe("cannot-tell");
    expect(statusOf(counted(["stuck", "healthy"]), "detects")).toBe("failed");
    expect(statusOf(counted(["never-read"]), "detects")).toBe("cannot-tell");
  });

  test("a promise counts from the first acceptance, though it was accepted again", () => {
    const again = (s: Scene) =>
      s.submit("CLM-0001", 1_800, { attempt: 2, effect: "accepted", submission: "s2" });
    expect(
      statusOf(
        overdue((s) => again(s).alert(3_021, "CLM-0001")),
        "detects",
      ),
    ).toBe("passed");
    expect(
      statusOf(
        overdue((s) => again(s).alert(3_022, "CLM-0001")),
        "detects",
      ),
    ).toBe("failed");
  });

  test("a reply that was cut is felt at the cut, one that hangs when it was held", () => {
    const lost = (ending: string, alertT: number) => {
      const faults = [
        { fault: "submit.lost-reply", point: "submit", onset: "attempt" as const, settings: { ending } },
      ];
      const detects = { withinMs: 1_000, through: ["alert" as const] };
      return framed({ faults, scenario: { expect: { detects } } }, (s) =>
        s
          .start("CLM-0001", 1_000)
          .submit("CLM-0001", 1_020, { cut: "client", takes: 500, faults: [0] })
          .fire("CLM-0001", 1_021)
          .alert(alertT, "CLM-0001"),
      );
    };
    expect(statusOf(lost("hang", 2_021), "detects")).toBe("passed");
    expect(statusOf(lost("hang", 2_022), "detects")).toBe("failed");
    expect(statusOf(lost("reset", 2_520), "detects")).toBe("passed");
    expect(statusOf(lost("reset", 2_521), "detects")).toBe("failed");
  });

  test("the refusal of a start is no detection, and the failed attempt itself is no retry", () => {
    const faults = [{ fault: "submit.unavailable", point: "submit", onset: "attempt" as const }];
    const history = framed({ faults, scenario: { expect: { detects: { withinMs: 1_000 } } } }, (s) =>
      s
        .start("CLM-0001", 1_000, { ends: "failed" })
        .fire("CLM-0001", 1_020)
        .submit("CLM-0001", 1_021, { status: 503, faults: [0] }),
    );
    expect(statusOf(history, "detects")).toBe("failed");
  });
});
