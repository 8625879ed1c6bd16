// The harness struck the system itself, or its alert channel: what counts for and against the system then.
import { describe, expect, test } from "vitest";
import type { FaultHeader } from "../../history/header.ts";
import { judge } from "./judge.ts";
import { framed, type Scene } from "./tests-support/passing-histories.ts";
import { check, statusOf, told } from "./tests-support/verdict-queries.ts";

const CRASH: Partial<FaultHeader> = {
  fault: "system.crash",
  point: "system",
  onset: "signal",
  spares: false,
  selfHealing: false,
};
const MUTE: Partial<FaultHeader> = { fault: "alerts.unavailable", point: "alerts", onset: "none" };

const exit = (s: Scene, t: number) =>
  s.add(t, { kind: "system.exited", code: null, signal: "SIGKILL", expected: true, logTail: [] });
const restart = (s: Scene, t: number) =>
  s.add(t, { kind: "system.started", url: "http://127.0.0.1:1", restart: true });
const ready = { name: "ready" };

/** Driven, accepted at 1021, and the process killed at 1030, back at 2000; what came of it is told. */
function crashed(tell: (s: Scene) => Scene, detects?: { withinMs: number }) {
  const expect = { recovers: { withinMs: 2_000 }, ...(detects && { detects }) };
  return framed({ faults: [CRASH], scenario: { expect } }, (s) =>
    tell(
      restart(
        exit(s.start("CLM-0001", 1_000).submit("CLM-0001", 1_020).fire("CLM-0001", 1_030), 1_031),
        2_000,
      ).happy("CLM-0008", 3_100, "probe"),
    ),
  );
}

describe("a crash that the harness brought about", () => {
  test("is survived by what takes up its work", () => {
    const verdict = judge(
      crashed((s) => s.decide("CLM-0001", 1_220).deliver("CLM-0001", 2_100).settle("CLM-0001", 2_200)),
    );
    expect([verdict.verdict, verdict.reasons]).toEqual(["passed", []]);
    expect(verdict.counts.affected).toBe(1);
  });

  test("has its onset at the signal, so that deadlines count from there", () => {
    const settled = (t: number) => (s: Scene) =>
      s
        .decide("CLM-0001", 1_220)
        .submit("CLM-0001", t, { attempt: 2 })
        .deliver("CLM-0001", t + 50)
        .settle("CLM-0001", t + 100);
    expect(statusOf(crashed(settled(2_020), { withinMs: 1_000 }), "detects")).toBe("passed");
    const late = crashed(settled(2_050), { withinMs: 1_000 });
    expect(statusOf(late, "detects")).toBe("failed");
    expect(told(judge(late), "detects")).toContain("system.crash: the process was struck at 1.03 s");
  });

  test("breaks durable-acknowledgement when what was acknowledged is gone", () => {
    const forgotten = crashed((s) =>
      s.decide("CLM-0001", 1_022).deliver("CLM-0001", 1_024).state("CLM-0001", 2_100, null),
    );
    expect(statusOf(forgotten, "durable-acknowledgement")).toBe("failed");
    expect(statusOf(forgotten, "recovers")).toBe("failed");
  });

  test("is no fall of the system's own, nor is the silence until it is back", () => {
    const silent = crashed((s) =>
      s.signal(1_050, null, ready).signal(3_900, null, { ...ready, since: 3_800, value: 200 }),
    );
    expect(statusOf(silent, "stays-up")).toBe("passed");
    const longer = crashed((s) =>
      s.signal(1_050, null, ready).signal(4_200, null, { ...ready, since: 4_150, value: 200 }),
    );
    expect(statusOf(longer, "stays-up")).toBe("failed");
  });

  test("is one when it does not come back", () => {
    const gone = crashed((s) =>
      s.add(4_000, { kind: "system.stranded", reason: "it exited with code 4", logTail: ["locked"] }),
    );
    expect(told(judge(gone), "stays-up")).toBe(
      'after it had been killed it did not come back by 4 s: it exited with code 4; its last lines: "locked"',
    );
  });
});

describe("a start that the crash cut off", () => {
  const cutOff = (t: number, tell: (s: Scene) => Scene = (s) => s) =>
    crashed((s) =>
      tell(
        s
          .decide("CLM-0001", 1_220)
          .deliver("CLM-0001", 2_100)
          .settle("CLM-0001", 2_200)
          .start("CLM-0002", t, { ends: "unknown" })
          .submit("CLM-0002", t + 2)
          .decide("CLM-0002", t + 200)
          .fire("CLM-0002", 1_030),
      ),
    );

  test("is held neither for nor against the system: nobody was told that it was taken", () => {
    const verdict = judge(cutOff(1_025, (s) => s.state("CLM-0002", 2_300, null)));
    expect([verdict.verdict, verdict.reasons]).toEqual(["passed", []]);
    expect(verdict.counts.transactions).toBe(3);
  });

  test("counts when the system shows it all the same", () => {
    const verdict = judge(cutOff(1_025, (s) => s.state("CLM-0002", 2_300, "submitted")));
    expect(check(verdict, "recovers").status).toBe("failed");
  });

  test("counts when no crash explains the missing answer", () => {
    const verdict = judge(cutOff(1_500, (s) => s.state("CLM-0002", 2_300, null)));
    expect(check(verdict, "recovers").status).toBe("failed");
  });
});

describe("a strike that hit no transaction in flight", () => {
  const idle = (tell: (s: Scene) => Scene, fault = CRASH) =>
    framed({ faults: [fault] }, (s) => tell(s.happy("CLM-0001", 1_000, "faulted")));
  test.each<[string, (s: Scene) => Scene, string]>([
    ["by a crash", (s) => restart(exit(s, 1_996), 2_200).alert(2_300, "unclean shutdown"), "passed"],
    [
      "at the moment of the crash",
      (s) => restart(exit(s, 1_996), 2_200).alert(1_996, "going down"),
      "passed",
    ],
    [
      "by a pause",
      (s) => s.add(1_996, { kind: "system.paused", forMs: 200 }).alert(2_300, "lost time"),
      "passed",
    ],
    ["before the crash", (s) => restart(exit(s, 1_996), 2_200).alert(1_995, "hm"), "failed"],
    ["before any fault", (s) => restart(exit(s, 900), 950).alert(960, "hm"), "failed"],
    ["without one", (s) => s.alert(2_300, "hm"), "failed"],
    [
      "by a fall of the system's own",
      (s) =>
        s
          .add(1_996, { kind: "system.exited", code: 1, signal: null, expected: false, logTail: [] })
          .alert(2_300, "hm"),
      "failed",
    ],
  ])("explains an alert: %s", (_, tell, status) => {
    expect(statusOf(idle(tell), "no-false-alarm")).toBe(status);
  });

  test("is none where the harness only stops the process as it always does", () => {
    const stopped = idle((s) => exit(s, 2_000).alert(2_300, "hm"), { fault: "callback.missing" });
    expect(statusOf(stopped, "no-false-alarm")).toBe("failed");
  });
});

test("a pause explains the silence of the readiness check, until the process goes on", () => {
  const paused = (back: number) =>
    framed({ faults: [{ ...CRASH, fault: "system.pause" }] }, (s) =>
      s
        .happy("CLM-0001", 1_000, "faulted")
        .fire("CLM-0001", 1_030)
        .add(1_030, { kind: "system.paused", forMs: 2_500 })
        .add(3_530, { kind: "system.resumed" })
        .signal(1_100, null, ready)
        .signal(back, null, { ...ready, since: back - 50, value: 200 }),
    );
  expect(statusOf(paused(5_000), "stays-up")).toBe("passed");
  expect(statusOf(paused(5_700), "stays-up")).toBe("failed");
});

describe("an alert channel in trouble", () => {
  const muted = (tell: (s: Scene) => Scene) =>
    framed(
      {
        faults: [{ selfHealing: false }, MUTE],
        scenario: { expect: { alerts: { withinMs: 1_000, names: "each" } } },
      },
      (s) =>
        tell(
          s
            .start("CLM-0001", 1_000)
            .submit("CLM-0001", 1_020)
            .fire("CLM-0001", 1_220)
            .state("CLM-0001", 2_100, "needs_review")
            .fire("CLM-0001", 2_150, { fault: 1 })
            .add(2_150, {
              kind: "alert.rejected",
              channel: "claimsOps",
              status: 503,
              reason: "503",
              faults: [1],
            }),
        ),
    );

  test("is made up for by another channel", () => {
    expect(
      statusOf(
        muted((s) => s.alert(2_300, "CLM-0001 is stuck", { channel: "onCall" })),
        "alerts",
      ),
    ).toBe("passed");
  });

  test("is no excuse", () => {
    expect(
      statusOf(
        muted((s) => s),
        "alerts",
      ),
    ).toBe("failed");
    expect(
      statusOf(
        muted((s) => s.alert(3_100, "CLM-0001 is stuck")),
        "alerts",
      ),
    ).toBe("failed");
  });

  test("affects no transaction and has no onset of its own", () => {
    const spared = framed({ faults: [MUTE] }, (s) =>
      s.happy("CLM-0001", 1_000, "faulted").fire("CLM-0001", 1_100).happy("CLM-0002", 1_000),
    );
    const verdict = judge(spared);
    expect(verdict.counts.affected).toBe(0);
    expect(verdict.counts.fired).toEqual({ "alerts.unavailable": 1 });
    expect(verdict.reasons).toEqual([]);
  });
});
