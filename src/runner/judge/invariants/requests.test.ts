import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import type { SceneOptions } from "../tests-support/history-builder.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

const key = "CLM-0001";

/** CLM-0001 is started at 1000; its requests are the test's. */
function started(tell: (scene: Scene) => Scene, options: SceneOptions = { faults: [{}] }) {
  return framed(options, (s) => tell(s.start(key, 1_000)));
}

/** Attempts at the given times, all answered with 503 after 2 ms. */
function attempts(times: readonly number[], extra: { status?: number; retryAfterMs?: number } = {}) {
  return (s: Scene) =>
    times.reduce((scene, t, i) => scene.submit(key, t, { attempt: i + 1, status: 503, ...extra }), s);
}

describe("no-duplicate-submission", () => {
  const replay = (s: Scene) => s.add(1_400, { kind: "operator.replayed", key, status: 202 });
  const again = (s: Scene, submission: string, t: number) =>
    s.submit(key, t, { attempt: 2, effect: "accepted", submission });
  test.each<[string, (s: Scene) => Scene, string]>([
    ["accepted once", (s) => s.submit(key, 1_020), "passed"],
    ["sent twice, accepted once", (s) => s.submit(key, 1_020).submit(key, 1_500, { attempt: 2 }), "passed"],
    [
      "accepted twice",
      (s) => s.submit(key, 1_020).submit(key, 1_500, { attempt: 2, effect: "accepted", submission: "s2" }),
      "failed",
    ],
    [
      "accepted again after the partner had lost it",
      (s) =>
        s
          .submit(key, 1_020, { submission: "s1" })
          .add(1_200, { kind: "submission.lost", key, submission: "s1" })
          .submit(key, 1_500, { attempt: 2, effect: "accepted", submission: "s2" }),
      "passed",
    ],
    [
      "accepted again after an operator's replay",
      (s) => again(replay(s.submit(key, 1_020)), "s2", 1_500),
      "passed",
    ],
    [
      "accepted again at the moment of the replay",
      (s) => again(replay(s.submit(key, 1_020)), "s2", 1_399),
      "passed",
    ],
    [
      "accepted again before an operator's replay",
      (s) => replay(again(s.submit(key, 1_020), "s2", 1_200)),
      "failed",
    ],
    [
      "accepted twice after an operator's replay",
      (s) => again(again(replay(s.submit(key, 1_020)), "s2", 1_500), "s3", 1_600),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "no-duplicate-submission")).toBe(status);
  });

  test("nothing accepted, nothing exercised", () => {
    const history = started((s) => s);
    const none = { ...history, events: history.events.filter(({ kind }) => kind !== "submission.accepted") };
    expect(statusOf(none, "no-duplicate-submission")).toBe("not-exercised");
  });
});

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

describe("honours-retry-after", () => {
  const told2s = (next: number) => attempts([1_020, next], { retryAfterMs: 2_000 });
  test.each<[string, (s: Scene) => Scene, string]>([
    ["after it has passed", told2s(3_100), "passed"],
    ["50 ms early, which clocks may differ by", told2s(2_972), "passed"],
    ["51 ms early", told2s(2_971), "failed"],
    ["at once", told2s(1_100), "failed"],
    ["never again", attempts([1_020], { retryAfterMs: 2_000 }), "passed"],
    [
      "an operator's replay",
      (s) => told2s(1_500)(s).add(1_400, { kind: "operator.replayed", key, status: 202 }),
      "passed",
    ],
    ["no Retry-After", attempts([1_020, 1_100]), "not-exercised"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "honours-retry-after")).toBe(status);
  });

  test.each([
    [3_100, "passed"],
    [1_500, "failed"],
  ])("a status that is asked for again at %d", (t, status) => {
    const limited = { kind: "status.replied", status: 429, retryAfterMs: 2_000 } as const;
    const about = { key, attempt: 1, request: "q9", submission: "s1" };
    const history = started((s) =>
      s
        .submit(key, 1_020)
        .add(1_050, { kind: "status.asked", ...about })
        .add(1_060, { ...limited, ...about })
        .poll(key, t),
    );
    expect(statusOf(history, "honours-retry-after")).toBe(status);
  });
});

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

describe("quiesces", () => {
  const settled = (s: Scene) =>
    s.submit(key, 1_020).decide(key, 1_220).deliver(key, 1_221).settle(key, 2_000);
  test.each<[string, (s: Scene) => Scene, string]>([
    ["silence after everything settled", settled, "passed"],
    ["a poll within the grace", (s) => settled(s).poll(key, 2_500), "passed"],
    ["a poll after it", (s) => settled(s).poll(key, 2_501), "failed"],
    [
      "polling while another one is still pending",
      (s) =>
        settled(s)
          .start("CLM-0002", 1_000)
          .submit("CLM-0002", 1_020)
          .poll(key, 2_800)
          .settle("CLM-0002", 2_900),
      "passed",
    ],
    ["a question about another report", (s) => settled(s).deliver(key, 4_000).poll(key, 4_400), "passed"],
    ["questions long after another report", (s) => settled(s).deliver(key, 4_000).poll(key, 4_501), "failed"],
    ["a submission after it", (s) => settled(s).submit(key, 4_000, { attempt: 2 }), "failed"],
    ["an effect after it", (s) => settled(s).effects(key, 4_000, 2), "failed"],
    [
      "polling for what waits for people",
      (s) => s.submit(key, 1_020).state(key, 2_000, "needs_review").poll(key, 5_000, null),
      "passed",
    ],
    [
      "a replay by an operator",
      (s) =>
        settled(s)
          .add(3_900, { kind: "operator.replayed", key, status: 202 })
          .submit(key, 4_000, { attempt: 2 }),
      "passed",
    ],
    ["not everything at rest", (s) => s.submit(key, 1_020), "not-exercised"],
    [
      "at rest too late to watch",
      (s) => s.submit(key, 1_020).decide(key, 1_220).settle(key, 6_501),
      "not-exercised",
    ],
    ["at rest just long enough", (s) => s.submit(key, 1_020).decide(key, 1_220).settle(key, 6_500), "passed"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "quiesces")).toBe(status);
  });

  test("what followed is counted", () => {
    expect(told(judge(started((s) => settled(s).poll(key, 3_000).poll(key, 5_000))), "quiesces")).toBe(
      "claim CLM-0001: everything had come to rest by 2 s, yet 2 status requests followed, the last at 5 s",
    );
  });
});

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

describe("verifies-identity", () => {
  const received = (t: number, badCertificate?: string) => (s: Scene) =>
    s.add(t, {
      kind: "submit.received",
      key,
      attempt: 1,
      request: `b${t}`,
      bodyHash: "h",
      ...(badCertificate === undefined ? {} : { badCertificate }),
    });
  const abandoned = (s: Scene) => s.add(1_010, { kind: "connection.abandoned", badCertificate: "expired" });
  test.each<[string, (s: Scene) => Scene, string]>([
    ["nobody ever saw a bad certificate", (s) => s.submit(key, 1_020), "not-exercised"],
    ["turned away from", (s) => abandoned(s).submit(key, 1_500), "passed"],
    ["submitted over it", received(1_020, "expired"), "failed"],
    ["turned away from once, and then submitted", (s) => received(1_020, "expired")(abandoned(s)), "failed"],
    [
      "asked over it",
      (s) =>
        s.submit(key, 1_020).add(1_200, {
          kind: "status.asked",
          key,
          attempt: 1,
          request: "b1",
          submission: "s1",
          badCertificate: "untrusted",
        }),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "verifies-identity")).toBe(status);
  });

  test("the first request is told, and how many followed", () => {
    const history = started((s) => received(1_500, "wrong-host")(received(1_020, "wrong-host")(s)));
    expect(told(judge(history), "verifies-identity")).toBe(
      "claim CLM-0001: it was submitted at 1.02 s over a connection with the certificate of another host, and 1 more; whoever answers there may be anybody",
    );
  });
});
