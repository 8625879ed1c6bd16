import { describe, expect, test } from "vitest";
import type { EventBody } from "../../../history/event.ts";
import type { HistoryHeader } from "../../../history/header.ts";
import { judge } from "../judge.ts";
import type { SceneOptions } from "../tests-support/history-builder.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

/** CLM-0001 is started at 1000, accepted at 1021 and decided as approved at 1220; what follows is the test's. */
function decided(tell: (scene: Scene) => Scene, options: SceneOptions = { faults: [{}] }) {
  return framed(options, (s) =>
    tell(
      s.start("CLM-0001", 1_000).submit("CLM-0001", 1_020).decide("CLM-0001", 1_220).fire("CLM-0001", 1_220),
    ),
  );
}

const key = "CLM-0001";
const EXIT = {
  kind: "system.exited",
  code: null,
  signal: "SIGKILL",
  expected: true,
  logTail: [],
} satisfies EventBody;
const noInspect = (tell: (scene: Scene) => Scene) => {
  const history = decided(tell);
  const { states: _, ...system } = history.header.system;
  return { ...history, header: { ...history.header, system } satisfies HistoryHeader };
};

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

describe("no-invented-result", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["settled after a callback", (s) => s.deliver(key, 1_300).settle(key, 1_500), "passed"],
    ["settled after a status reply", (s) => s.poll(key, 1_300).settle(key, 1_500), "passed"],
    ["seen settled at the moment of the callback", (s) => s.deliver(key, 1_500).settle(key, 1_500), "passed"],
    ["seen settled just before the callback", (s) => s.settle(key, 1_499).deliver(key, 1_500), "failed"],
    ["settled otherwise than reported", (s) => s.deliver(key, 1_300).settle(key, 1_500, "denied"), "failed"],
    [
      "settled by a forged callback",
      (s) => s.deliver(key, 1_300, { signature: "forged" }).settle(key, 1_500),
      "failed",
    ],
    [
      "settled by an unsigned callback",
      (s) => s.deliver(key, 1_300, { signature: "missing" }).settle(key, 1_500),
      "failed",
    ],
    [
      "settled by a payload without a readable outcome",
      (s) => s.deliver(key, 1_300, { content: "malformed", claims: null }).settle(key, 1_500),
      "failed",
    ],
    [
      "settled by a status reply without an outcome",
      (s) => s.poll(key, 1_300, null).settle(key, 1_500),
      "failed",
    ],
    [
      "settled as a well-signed lie says",
      (s) => s.deliver(key, 1_300, { content: "false", claims: "denied" }).settle(key, 1_500, "denied"),
      "passed",
    ],
    ["the 202 taken for success, corrected later", (s) => s.settle(key, 1_150).deliver(key, 1_300), "failed"],
    ["never settled", (s) => s, "passed"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-invented-result")).toBe(status);
  });

  test("a submission that was refused for good may be called rejected", () => {
    const history = framed({ faults: [{}] }, (s) =>
      s.start(key, 1_000).submit(key, 1_020, { status: 422 }).settle(key, 1_200, "rejected"),
    );
    expect(statusOf(history, "no-invented-result")).toBe("passed");
  });

  test("the likely cause is named", () => {
    const history = decided((s) => s.settle(key, 1_150).deliver(key, 1_300));
    expect(told(judge(history), "no-invented-result")).toBe(
      'claim CLM-0001: shows "paid" (approved) since 1.15 s, but Acme had not reported that: the submission had been answered with 202 at 1.02 s',
    );
  });

  test("without a settled state nothing was exercised; without `inspect` it cannot be told", () => {
    const nothing = decided((s) => s);
    const pending = {
      ...nothing,
      events: nothing.events.filter(
        (event) => event.kind !== "system.state" || event.means?.kind !== "settled",
      ),
    };
    expect(statusOf(pending, "no-invented-result")).toBe("not-exercised");
    expect(
      statusOf(
        noInspect((s) => s),
        "no-invented-result",
      ),
    ).toBe("cannot-tell");
  });
});

describe("agrees-with-partner", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["the same outcome", (s) => s.poll(key, 2_000).settle(key, 2_100), "passed"],
    ["another outcome", (s) => s.settle(key, 2_100, "denied"), "failed"],
    ["still pending", (s) => s, "failed"],
    ["surfaced to people", (s) => s.state(key, 2_100, "needs_review"), "passed"],
    ["unreadable", (s) => s.state(key, 2_100, null), "inconclusive"],
    [
      "rejected by the ledger, rejected here",
      (s) => s.decide(key, 1_500, "rejected").settle(key, 2_000, "rejected"),
      "passed",
    ],
    [
      "a correction followed",
      (s) => s.settle(key, 1_400).decide(key, 1_500, "denied").settle(key, 2_000, "denied"),
      "passed",
    ],
    [
      "a correction surfaced to people",
      (s) => s.settle(key, 1_400).decide(key, 1_500, "denied").state(key, 2_000, "needs_review"),
      "passed",
    ],
    ["a correction ignored", (s) => s.settle(key, 1_400).decide(key, 1_500, "denied"), "failed"],
    ["a superseded outcome", (s) => s.decide(key, 1_500, "denied").settle(key, 2_000, "paid"), "failed"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "agrees-with-partner")).toBe(status);
  });

  test("of several submissions the one that was decided first is the truth, as it was corrected last", () => {
    const settled = (word: string) =>
      decided((s) =>
        s
          .submit(key, 1_300, { attempt: 2, effect: "accepted", submission: "s2" })
          .decide(key, 1_400, "denied", "s2")
          .settle(key, 1_500, word),
      );
    expect(statusOf(settled("paid"), "agrees-with-partner")).toBe("passed");
    expect(statusOf(settled("denied"), "agrees-with-partner")).toBe("failed");
  });

  test("lost, unexpected, duplicated and recovered are counted", () => {
    const history = decided((s) =>
      s
        .start("CLM-0002", 1_100)
        .settle("CLM-0002", 1_500)
        .start("CLM-0003", 1_200, { ends: "failed" })
        .submit("CLM-0003", 1_210)
        .decide("CLM-0003", 1_400)
        .settle("CLM-0003", 1_500)
        .effects("CLM-0003", 1_700, 2)
        .effects("CLM-0003", 1_800, 1),
    );
    expect(check(judge(history), "agrees-with-partner").reason).toBe(
      "5 compared: 1 lost, 1 unexpected, 1 duplicated, 1 recovered after a start that did not succeed",
    );
  });

  test.each<[string, (s: Scene) => Scene, string]>([
    ["that never saw it settled", (s) => s.decide("CLM-0002", 1_400), "failed"],
    [
      "that settled it",
      (s) => s.decide("CLM-0002", 1_400).poll("CLM-0002", 1_500).settle("CLM-0002", 1_600),
      "passed",
    ],
    ["of which nothing was decided", (s) => s, "passed"],
  ])("what the ledger decided counts for a system that refused the start: one %s", (_, tell, status) => {
    const history = framed({ faults: [{}] }, (s) =>
      tell(
        s
          .start("CLM-0002", 1_000, { ends: "failed" })
          .submit("CLM-0002", 1_002, { cut: "partner" })
          .state("CLM-0002", 1_100, "submitted"),
      ),
    );
    expect(statusOf(history, "agrees-with-partner")).toBe(status);
  });

  test("what was decided just before the end may still be on its way", () => {
    const late = (t: number) =>
      framed({ faults: [{}] }, (s) => s.start(key, 1_000).submit(key, 1_020).decide(key, t));
    expect(statusOf(late(7_500), "agrees-with-partner")).toBe("inconclusive");
    expect(statusOf(late(7_000), "agrees-with-partner")).toBe("failed");
  });
});

describe("no-duplicate-effect", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["one effect", (s) => s.poll(key, 2_000).settle(key, 2_100), "passed"],
    ["two effects", (s) => s.poll(key, 2_000).settle(key, 2_100).effects(key, 2_300, 2), "failed"],
    [
      "two effects for a moment",
      (s) => s.poll(key, 2_000).settle(key, 2_100).effects(key, 2_300, 2).effects(key, 2_400, 1),
      "failed",
    ],
    ["settled without the effect", (s) => s.state(key, 2_100, "paid"), "failed"],
    [
      "an effect for a denied one",
      (s) =>
        s
          .decide(key, 1_500, "denied")
          .poll(key, 2_000, "denied")
          .state(key, 2_100, "denied")
          .effects(key, 2_100, 1),
      "failed",
    ],
    ["pending without an effect", (s) => s, "passed"],
    [
      "the effect of what the ledger took back, with people asked to undo it",
      (s) =>
        s.poll(key, 1_300).settle(key, 1_400).decide(key, 1_500, "denied").state(key, 2_100, "needs_review"),
      "passed",
    ],
    [
      "the effect of what the ledger took back, with nobody asked",
      (s) => s.poll(key, 1_300).settle(key, 1_400).decide(key, 1_500, "denied").state(key, 2_100, "denied"),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-duplicate-effect")).toBe(status);
  });

  test.each<[string, (s: Scene) => Scene, string]>([
    [
      "before anything was told",
      (s) => s.effects(key, 1_100, 1).poll(key, 2_000).settle(key, 2_100),
      "failed",
    ],
    ["just before it was told", (s) => s.settle(key, 1_999).poll(key, 1_998), "failed"],
    ["at the moment of being told", (s) => s.poll(key, 1_998).settle(key, 2_000), "passed"],
    ["told between two samples", (s) => s.poll(key, 1_998).settle(key, 2_100, "paid", 1_500), "passed"],
    [
      "undone before the outcome that calls for none",
      (s) =>
        s
          .effects(key, 1_100, 1)
          .decide(key, 1_500, "denied")
          .poll(key, 2_000, "denied")
          .settle(key, 2_100, "denied"),
      "failed",
    ],
    [
      "on the word of a stage before the last",
      (s) =>
        s
          .deliver(key, 1_250, { interim: "in-review" })
          .effects(key, 1_400, 1)
          .state(key, 1_400, "needs_review"),
      "failed",
    ],
    [
      "on a well-signed lie, told apart from the truth later",
      (s) =>
        s
          .decide(key, 1_240, "denied")
          .deliver(key, 1_250, { content: "false" })
          .effects(key, 1_400, 1)
          .deliver(key, 1_500, { claims: "denied" })
          .settle(key, 1_600, "denied"),
      "passed",
    ],
    [
      "paid, taken back, and paid back while the correction is followed",
      (s) =>
        s
          .poll(key, 1_300)
          .settle(key, 1_400)
          .decide(key, 1_500, "denied")
          .poll(key, 1_600, "denied")
          .settle(key, 1_700, "denied"),
      "passed",
    ],
    [
      "of a result that came by a wrong signature",
      (s) => s.deliver(key, 1_300, { signature: "forged", answer: 401 }).effects(key, 1_500, 1),
      "failed",
    ],
  ])("an effect %s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-duplicate-effect")).toBe(status);
  });

  test("where nothing declares what an outcome calls for, only a second effect is wrong", () => {
    const { expectedEffects: _, ...system } = decided((s) => s).header.system;
    const counted = (effects: number, told = true) => {
      const history = decided((s) =>
        (told ? s.decide(key, 1_240, "denied").poll(key, 1_300, "denied") : s)
          .state(key, 1_500, "denied")
          .effects(key, 1_500, effects),
      );
      return statusOf({ ...history, header: { ...history.header, system } }, "no-duplicate-effect");
    };
    expect(counted(1)).toBe("passed");
    expect(counted(2)).toBe("failed");
    expect(counted(1, false)).toBe("failed");
  });

  test("the line says whether nothing was reported, or nothing that calls for an effect", () => {
    const early = decided((s) => s.effects(key, 1_100, 1));
    expect(told(judge(early), "no-duplicate-effect")).toBe(
      "claim CLM-0001: 1 effect seen since 1.1 s, but Acme had reported no outcome by then",
    );
    const denied = decided((s) =>
      s.decide(key, 1_240, "denied").deliver(key, 1_300, { claims: "denied" }).effects(key, 1_500, 1),
    );
    expect(told(judge(denied), "no-duplicate-effect")).toContain(
      "1 effect seen since 1.5 s, but Acme had reported no outcome that calls for one by then",
    );
  });

  test("without effects to look at it cannot be told", () => {
    expect(
      statusOf(
        decided((s) => s, { system: { observesEffects: false } }),
        "no-duplicate-effect",
      ),
    ).toBe("cannot-tell");
  });

  test.each<[string, (s: Scene) => Scene, string, string]>([
    [
      "too few are a doubt",
      (s) => s.poll(key, 2_000).state(key, 2_100, "paid"),
      "inconclusive",
      "inconclusive",
    ],
    ["enough are enough", (s) => s.poll(key, 2_000).settle(key, 2_100), "passed", "passed"],
    [
      "too many are too many",
      (s) => s.poll(key, 2_000).settle(key, 2_100).effects(key, 2_300, 2),
      "failed",
      "failed",
    ],
    [
      "another outcome is another",
      (s) => s.poll(key, 2_000).settle(key, 2_100, "denied"),
      "failed",
      "passed",
    ],
  ])("of effects that could not be read at last %s", (_, tell, recovers, effects) => {
    const recover = { recovers: { withinMs: 2_000 } };
    const history = decided(tell, { faults: [{}], scenario: { expect: recover } });
    const unread = history.events.filter(
      (event) => !(event.kind === "system.effects" && event.key === key && event.final),
    );
    expect(statusOf({ ...history, events: unread }, "recovers")).toBe(recovers);
    expect(statusOf({ ...history, events: unread }, "no-duplicate-effect")).toBe(effects);
  });

  test("effects that were never read are mentioned and break nothing", () => {
    const history = decided((s) => s.settle(key, 2_100));
    const blind = { ...history, events: history.events.filter(({ kind }) => kind !== "system.effects") };
    expect(check(judge(blind), "no-duplicate-effect")).toMatchObject({
      status: "not-exercised",
      reason: "the effects of 3 claims were never read",
    });
  });
});

describe("no-regression", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["settled once", (s) => s.settle(key, 2_100), "passed"],
    ["pending again", (s) => s.settle(key, 2_100).state(key, 2_500, "submitted"), "failed"],
    [
      "asking for attention after it had settled",
      (s) => s.settle(key, 2_100).state(key, 2_500, "needs_review"),
      "failed",
    ],
    ["another outcome", (s) => s.settle(key, 2_100).settle(key, 2_500, "denied"), "failed"],
    [
      "another outcome for one sample",
      (s) => s.settle(key, 2_100).state(key, 2_500, "denied").state(key, 2_600, "paid"),
      "failed",
    ],
    [
      "an unreadable sample in between",
      (s) => s.settle(key, 2_100).state(key, 2_500, null).state(key, 2_600, "paid"),
      "passed",
    ],
    [
      "another outcome behind an unreadable sample",
      (s) => s.settle(key, 2_100).state(key, 2_500, null).state(key, 2_600, "denied"),
      "failed",
    ],
    [
      "a correction that the ledger made itself",
      (s) => s.settle(key, 2_100).decide(key, 2_300, "denied").settle(key, 2_500, "denied"),
      "passed",
    ],
    ["attention, then settled", (s) => s.state(key, 2_000, "needs_review").settle(key, 2_100), "passed"],
    [
      "asking people about a correction of the ledger's",
      (s) => s.settle(key, 2_100).decide(key, 2_300, "denied").state(key, 2_500, "needs_review"),
      "passed",
    ],
    [
      "asking people before the ledger corrected itself",
      (s) => s.settle(key, 2_100).state(key, 2_500, "needs_review").decide(key, 2_600, "denied"),
      "failed",
    ],
    [
      "asking people when the ledger only repeats itself",
      (s) => s.settle(key, 2_100).decide(key, 2_300).state(key, 2_500, "needs_review"),
      "failed",
    ],
    [
      "pending again over a correction",
      (s) => s.settle(key, 2_100).decide(key, 2_300, "denied").state(key, 2_500, "submitted"),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-regression")).toBe(status);
  });

  test("the delivery behind the change is named", () => {
    const history = decided((s) =>
      s.settle(key, 2_100).deliver(key, 2_400, { claims: "denied" }).settle(key, 2_500, "denied"),
    );
    expect(told(judge(history), "no-regression")).toBe(
      'claim CLM-0001: was settled as "paid" since 2.1 s, but shows "denied" since 2.5 s, after a delivery that says "denied" at 2.4 s',
    );
  });
});

describe("durable-acknowledgement", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["acknowledged and settled", (s) => s.deliver(key, 1_300).settle(key, 1_500), "passed"],
    ["acknowledged and forgotten", (s) => s.deliver(key, 1_300), "failed"],
    [
      "acknowledged and only surfaced",
      (s) => s.deliver(key, 1_300).state(key, 1_500, "needs_review"),
      "failed",
    ],
    ["refused and not settled", (s) => s.deliver(key, 1_300, { answer: 500 }), "passed"],
    [
      "a broken one acknowledged",
      (s) => s.deliver(key, 1_300, { content: "malformed", claims: null }),
      "passed",
    ],
    ["acknowledged just before the end", (s) => s.deliver(key, 7_500), "inconclusive"],
    ["acknowledged a second before the end", (s) => s.deliver(key, 6_990), "failed"],
    [
      "acknowledged, taken back by the ledger, and surfaced",
      (s) =>
        s
          .deliver(key, 1_300)
          .settle(key, 1_500)
          .decide(key, 2_000, "denied")
          .deliver(key, 2_001, { claims: "denied" })
          .state(key, 2_200, "needs_review"),
      "passed",
    ],
    [
      "acknowledged, taken back by the ledger, and pending again",
      (s) =>
        s.deliver(key, 1_300).settle(key, 1_500).decide(key, 2_000, "denied").state(key, 2_200, "submitted"),
      "failed",
    ],
    [
      "settled, forgotten over a restart",
      (s) => s.deliver(key, 1_300).settle(key, 1_500).state(key, 3_000, "submitted"),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "durable-acknowledgement")).toBe(status);
  });

  const twice = (s: Scene, t = 5_000) => s.deliver(key, 1_300).deliver(key, t);
  test.each<[string, (s: Scene) => Scene, string]>([
    ["settled before the second", (s) => twice(s).settle(key, 4_900), "passed"],
    ["settled only after the second", (s) => twice(s).settle(key, 5_150), "failed"],
    ["last seen unsettled at the second", (s) => twice(s).settle(key, 5_150, "paid", 5_000), "failed"],
    ["settled just before or after the second", (s) => twice(s).settle(key, 5_050), "inconclusive"],
    ["not read between the first and settled", (s) => twice(s).settle(key, 5_150, "paid", 1_250), "passed"],
    ["unreadable until it was settled", (s) => twice(s).state(key, 1_400, null).settle(key, 5_150), "passed"],
    ["the second as soon as the grace allows", (s) => twice(s, 2_305).settle(key, 2_500), "passed"],
    ["the second just after the grace", (s) => twice(s, 2_306).settle(key, 2_500), "failed"],
    [
      "the first refused",
      (s) => s.deliver(key, 1_300, { answer: 503 }).deliver(key, 5_000).settle(key, 5_150),
      "passed",
    ],
    ["asked for in between", (s) => twice(s).poll(key, 4_900).settle(key, 5_150), "passed"],
    ["asked for in vain in between", (s) => twice(s).poll(key, 4_900, null).settle(key, 5_150), "failed"],
    [
      "replayed by an operator in between",
      (s) => twice(s).add(4_900, { kind: "operator.replayed", key, status: 202 }).settle(key, 5_150),
      "passed",
    ],
    [
      "another result the second",
      (s) =>
        s.deliver(key, 1_300, { content: "false", claims: "denied" }).deliver(key, 5_000).settle(key, 5_150),
      "passed",
    ],
    [
      "forged the second",
      (s) =>
        s.deliver(key, 1_300).deliver(key, 5_000, { signature: "forged", answer: 401 }).settle(key, 5_150),
      "passed",
    ],
    [
      "back from a restart for less than the grace",
      (s) =>
        twice(s)
          .add(4_100, { kind: "system.started", url: "x", restart: true })
          .add(1_400, EXIT)
          .settle(key, 5_150),
      "passed",
    ],
    [
      "back from a restart for longer than the grace",
      (s) =>
        twice(s)
          .add(1_900, { kind: "system.started", url: "x", restart: true })
          .add(1_400, EXIT)
          .settle(key, 5_150),
      "failed",
    ],
  ])("acknowledged, delivered again: %s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "durable-acknowledgement")).toBe(status);
  });

  test("without an acknowledged result nothing was exercised", () => {
    const history = decided((s) => s);
    const silent = { ...history, events: history.events.filter(({ kind }) => kind !== "callback.acked") };
    expect(statusOf(silent, "durable-acknowledgement")).toBe("not-exercised");
  });
});

describe("no-silent-discard", () => {
  const malformed = { content: "malformed", claims: null, mutation: "wrong-type", field: "outcome" } as const;
  test.each<[string, (s: Scene) => Scene, string]>([
    [
      "acknowledged and surfaced",
      (s) => s.deliver(key, 1_300, malformed).state(key, 1_500, "needs_review"),
      "passed",
    ],
    ["acknowledged and alerted", (s) => s.deliver(key, 1_300, malformed).alert(1_500, key), "passed"],
    [
      "acknowledged, alerted without its name",
      (s) => s.deliver(key, 1_300, malformed).alert(1_500, "bad payload"),
      "failed",
    ],
    ["acknowledged, named only before", (s) => s.alert(1_200, key).deliver(key, 1_300, malformed), "failed"],
    ["acknowledged and swallowed", (s) => s.deliver(key, 1_300, malformed), "failed"],
    [
      "acknowledged, swallowed, fetched by asking",
      (s) => s.deliver(key, 1_300, malformed).poll(key, 2_000).settle(key, 2_100),
      "failed",
    ],
    ["refused", (s) => s.deliver(key, 1_300, { ...malformed, answer: 422 }), "passed"],
    [
      "read leniently and acted on",
      (s) => s.deliver(key, 1_300, { ...malformed, claims: "approved" }).settle(key, 1_500),
      "passed",
    ],
    ["never sent", (s) => s.deliver(key, 1_300), "not-exercised"],
    ["forged besides", (s) => s.deliver(key, 1_300, { ...malformed, signature: "forged" }), "not-exercised"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-silent-discard")).toBe(status);
  });

  test("with neither states nor channels it cannot be told, nor without states unless an alert names it", () => {
    const swallowed = (options: SceneOptions) => decided((s) => s.deliver(key, 1_300, malformed), options);
    const blind = (history: ReturnType<typeof decided>) => {
      const { states: _, ...system } = history.header.system;
      return { ...history, header: { ...history.header, system } };
    };
    const deaf = swallowed({ faults: [{}], system: { channels: [] } });
    expect(statusOf(blind(deaf), "no-silent-discard")).toBe("cannot-tell");
    expect(statusOf(deaf, "no-silent-discard")).toBe("failed");
    const unseen = blind(swallowed({ faults: [{}] }));
    expect(check(judge(unseen), "no-silent-discard")).toMatchObject({ status: "cannot-tell", exercised: 1 });
    expect(check(judge(unseen), "no-silent-discard").reason).toContain("no alert names it");
    const named = blind(decided((s) => s.deliver(key, 1_300, malformed).alert(1_500, key)));
    expect(statusOf(named, "no-silent-discard")).toBe("passed");
    const refused = blind(decided((s) => s.deliver(key, 1_300, { ...malformed, answer: 422 })));
    expect(statusOf(refused, "no-silent-discard")).toBe("passed");
  });

  test.each<[string, (s: Scene) => Scene, string]>([
    ["swallowed", (s) => s, "failed"],
    ["refused", (s) => s.deliver(key, 1_301, { ...malformed, reference: "CLM-0009", answer: 422 }), "failed"],
    ["surfaced for the one whose report it is", (s) => s.state(key, 1_500, "needs_review"), "passed"],
    ["surfaced for the one that it refers to", (s) => s.alert(1_500, "CLM-0009"), "passed"],
  ])("one under another reference is none the better for it: %s", (_, tell, status) => {
    const astray = { ...malformed, reference: "CLM-0009" };
    expect(
      statusOf(
        decided((s) => tell(s.deliver(key, 1_300, astray))),
        "no-silent-discard",
      ),
    ).toBe(status);
  });

  test("the mutation is named", () => {
    expect(told(judge(decided((s) => s.deliver(key, 1_300, malformed))), "no-silent-discard")).toContain(
      "a malformed result (wrong-type of outcome) was sent at 1.3 s and answered with 204, but nobody was told",
    );
  });
});

describe("rejects-forgery", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["a forged one refused", (s) => s.deliver(key, 1_300, { signature: "forged", answer: 401 }), "passed"],
    ["a forged one answered 2xx", (s) => s.deliver(key, 1_300, { signature: "forged" }), "failed"],
    ["an unsigned one answered 2xx", (s) => s.deliver(key, 1_300, { signature: "missing" }), "failed"],
    ["an old one answered 2xx", (s) => s.deliver(key, 1_300, { signature: "stale" }), "failed"],
    [
      "a forged one refused and believed",
      (s) => s.deliver(key, 1_300, { signature: "forged", answer: 401 }).settle(key, 1_500),
      "failed",
    ],
    [
      "a forged one without an answer",
      (s) => s.deliver(key, 1_300, { signature: "forged", answer: null }),
      "passed",
    ],
    [
      "a forged one refused, settled so before",
      (s) => s.settle(key, 1_290).deliver(key, 1_300, { signature: "forged", answer: 401 }),
      "passed",
    ],
    [
      "an old one refused and believed",
      (s) => s.deliver(key, 1_300, { signature: "stale", answer: 401 }).settle(key, 1_500),
      "failed",
    ],
    [
      "a captured one answered 2xx again, soon",
      (s) =>
        s
          .deliver(key, 1_300)
          .deliver(key, 1_400, { faults: [0] })
          .settle(key, 1_500),
      "not-exercised",
    ],
    [
      "a captured one answered 2xx again, when it was too old",
      (s) => s.deliver(key, 1_300).deliver(key, 1_400, { faults: [0], signature: "stale" }),
      "failed",
    ],
    [
      "a forged one refused and paid",
      (s) => s.deliver(key, 1_300, { signature: "forged", answer: 401 }).effects(key, 1_500, 1),
      "failed",
    ],
    [
      "a forged one refused, paid at that moment or before",
      (s) => s.deliver(key, 1_300, { signature: "forged", answer: 401 }).effects(key, 1_350, 1),
      "inconclusive",
    ],
    [
      "a forged one refused, paid before",
      (s) => s.effects(key, 1_290, 1).deliver(key, 1_300, { signature: "forged", answer: 401 }),
      "passed",
    ],
    [
      "a forged one refused, the genuine one paid",
      (s) =>
        s.deliver(key, 1_300, { signature: "forged", answer: 401 }).deliver(key, 1_310).settle(key, 1_500),
      "passed",
    ],
    [
      "a forged one refused, the genuine one paid twice",
      (s) =>
        s
          .deliver(key, 1_300, { signature: "forged", answer: 401 })
          .deliver(key, 1_310)
          .settle(key, 1_500)
          .effects(key, 1_600, 2),
      "passed",
    ],
    [
      "a forged one that calls for nothing refused, paid for another reason",
      (s) =>
        s.deliver(key, 1_300, { signature: "forged", claims: "denied", answer: 401 }).effects(key, 1_500, 1),
      "passed",
    ],
    ["none sent", (s) => s.deliver(key, 1_300), "not-exercised"],
    [
      "a genuine one refused, as by a system that knows only the old secret",
      (s) => s.deliver(key, 1_300, { answer: 401 }).deliver(key, 1_800, { attempt: 2 }),
      "not-exercised",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "rejects-forgery")).toBe(status);
  });

  test.each<[string, (s: Scene) => Scene, number, string]>([
    ["refused", (s) => s, 401, "passed"],
    ["answered 2xx", (s) => s, 204, "failed"],
    ["refused and believed of the one whose report it is", (s) => s.settle(key, 1_500), 401, "failed"],
    ["refused and believed of the one that it refers to", (s) => s.settle("CLM-0002", 1_500), 401, "failed"],
    ["refused and paid for that one", (s) => s.effects("CLM-0002", 1_500, 1), 401, "failed"],
  ])("an unsigned one under another reference, %s: %#", (_, tell, answer, status) => {
    const astray = { reference: "CLM-0002", signature: "missing", content: "false", answer } as const;
    const history = decided((s) =>
      tell(s.start("CLM-0002", 1_000).submit("CLM-0002", 1_020).deliver(key, 1_300, astray)),
    );
    expect(check(judge(history), "rejects-forgery")).toMatchObject({ status, exercised: 1 });
  });

  test("a result for a transaction that nobody submitted is not to be answered 2xx", () => {
    const about = (answer: number) => decided((s) => s.deliver("CLM-9999", 1_300, { faults: [0], answer }));
    expect(statusOf(about(204), "rejects-forgery")).toBe("failed");
    expect(statusOf(about(404), "rejects-forgery")).toBe("passed");
    const beside = (answer: number, signs = "standard-webhooks") =>
      decided(
        (s) => s.deliver(key, 1_300, { reference: "CLM-9999", content: "false", faults: [0], answer }),
        {
          faults: [{}],
          partner: { signs },
        },
      );
    expect(statusOf(beside(204), "rejects-forgery")).toBe("failed");
    expect(statusOf(beside(204, "none"), "rejects-forgery")).toBe("failed");
    expect(statusOf(beside(404), "rejects-forgery")).toBe("passed");
    expect(told(judge(beside(204)), "rejects-forgery")).toBe(
      "claim CLM-0001: a delivery about CLM-9999, which nobody submitted, was sent at 1.3 s and answered with 204; it was to be refused",
    );
  });

  test("a contract that signs nothing cannot be forged", () => {
    const history = decided((s) => s.deliver(key, 1_300, { signature: "none" }), {
      partner: { signs: "none" },
    });
    expect(statusOf(history, "rejects-forgery")).toBe("not-exercised");
  });
});

describe("isolation", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["each settles by its own result", (s) => s.deliver(key, 1_300).settle(key, 1_500), "passed"],
    [
      "settled by another one's result",
      (s) => s.happy("CLM-0002", 2_000, "faulted").settle(key, 2_400),
      "failed",
    ],
    [
      "another one's result with another outcome",
      (s) => s.happy("CLM-0002", 2_000, "faulted", "denied").settle(key, 2_400),
      "passed",
    ],
    [
      "a control transaction that did not settle",
      (s) => s.start("CLM-0008", 1_100, { group: "control" }),
      "failed",
    ],
    [
      "a control transaction that took long",
      (s) =>
        s
          .start("CLM-0008", 1_100, { group: "control" })
          .submit("CLM-0008", 1_120)
          .decide("CLM-0008", 1_300)
          .deliver("CLM-0008", 1_301)
          .settle("CLM-0008", 3_551),
      "failed",
    ],
    [
      "a control transaction exactly at the limit",
      (s) =>
        s
          .start("CLM-0008", 1_100, { group: "control" })
          .submit("CLM-0008", 1_120)
          .decide("CLM-0008", 1_300)
          .deliver("CLM-0008", 1_301)
          .settle("CLM-0008", 3_450),
      "passed",
    ],
    [
      "a control transaction around the limit",
      (s) =>
        s
          .start("CLM-0008", 1_100, { group: "control" })
          .submit("CLM-0008", 1_120)
          .decide("CLM-0008", 1_300)
          .deliver("CLM-0008", 1_301)
          .settle("CLM-0008", 3_500),
      "inconclusive",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "isolation")).toBe(status);
  });

  describe("of a report under another reference", () => {
    const stray = { reference: "CLM-0002", content: "false" as const, claims: "denied", faults: [0] };
    const second = (s: Scene) =>
      s.start("CLM-0002", 1_000).submit("CLM-0002", 1_020).deliver(key, 1_300, stray);
    test.each<[string, (s: Scene) => Scene, string, string]>([
      ["refused, both settle right", (s) => second(s).settle(key, 1_500), "passed", "failed"],
      ["believed by its reference", (s) => second(s).settle("CLM-0002", 1_500, "denied"), "failed", "passed"],
      ["believed by its id", (s) => second(s).settle(key, 1_500, "denied"), "failed", "passed"],
      [
        "told by the partner as well",
        (s) =>
          second(s)
            .decide("CLM-0002", 1_350, "denied")
            .poll("CLM-0002", 1_400, "denied")
            .settle("CLM-0002", 1_500, "denied"),
        "passed",
        "passed",
      ],
    ])("%s: %#", (_, tell, status, invented) => {
      const history = decided(tell);
      expect(statusOf(history, "isolation")).toBe(status);
      expect(statusOf(history, "no-invented-result")).toBe(invented);
    });

    const paying = { ...stray, claims: "approved" };
    const beside = (s: Scene) =>
      s.start("CLM-0002", 1_000).submit("CLM-0002", 1_020).deliver(key, 1_300, paying);
    test.each<[string, (s: Scene) => Scene, string]>([
      ["by neither", (s) => beside(s).deliver(key, 1_400).settle(key, 1_500), "passed"],
      ["by the one that it refers to", (s) => beside(s).effects("CLM-0002", 1_500, 1), "failed"],
      ["by the one whose id it carries", (s) => beside(s).effects(key, 1_500, 1), "failed"],
      ["at that moment or before", (s) => beside(s).effects("CLM-0002", 1_350, 1), "inconclusive"],
      [
        "told by the partner as well",
        (s) => beside(s).poll("CLM-0002", 1_400).effects("CLM-0002", 1_500, 1),
        "passed",
      ],
      [
        "twice for what was told once",
        (s) => beside(s).poll("CLM-0002", 1_400).settle("CLM-0002", 1_500).effects("CLM-0002", 1_600, 2),
        "passed",
      ],
      ["when it calls for nothing", (s) => second(s).effects("CLM-0002", 1_500, 1), "passed"],
    ])("paid %s: %#", (_, tell, status) => {
      expect(statusOf(decided(tell), "isolation")).toBe(status);
    });

    test("its onset is the delivery, for the one whose report it is", () => {
      const history = framed(
        {
          faults: [{ fault: "callback.misdirected", onset: "delivery" }],
          scenario: { expect: { detects: { withinMs: 200 } } },
        },
        (s) => second(s.start(key, 1_000).submit(key, 1_020)).fire(key, 1_250),
      );
      expect(told(judge(history), "detects")).toContain("callback.misdirected: delivered at 1.3 s");
    });
  });

  test("what only another one's result explains is isolation's alone", () => {
    const verdict = judge(decided((s) => s.happy("CLM-0002", 2_000, "faulted").settle(key, 2_400)));
    expect(check(verdict, "no-invented-result").status).toBe("passed");
    expect(told(verdict, "isolation")).toContain(
      "nothing but the callback for CLM-0002 at 2.22 s explains it",
    );
  });

  test("a control transaction that has not had its time decides nothing", () => {
    const started = (t: number) => decided((s) => s.start("CLM-0008", t, { group: "control" }));
    // The baseline took 350 ms, so 2.35 s are allowed; the run ends at 8 s.
    const latest = 8_000 - 2_350;
    expect(statusOf(started(latest - 1), "isolation")).toBe("failed");
    expect(statusOf(started(latest), "isolation")).toBe("inconclusive");
  });

  test("where nobody could be spared there is no control group", () => {
    const history = decided((s) => s.start("CLM-0008", 1_100, { group: "control" }), {
      faults: [{ spares: false }],
    });
    expect(statusOf(history, "isolation")).toBe("passed");
  });
});
