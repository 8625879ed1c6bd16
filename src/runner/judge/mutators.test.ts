// Takes passing histories, changes one thing, and expects the named check to flip and no other that should not.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventOf, HistoryEvent } from "../../history/event.ts";
import type { History } from "../../history/header.ts";
import type { CheckId } from "../../history/verdict.ts";
import { judge } from "./judge.ts";
import { PASSING } from "./tests-support/passing-histories.ts";
import { check, idsOf } from "./tests-support/verdict-queries.ts";

type Pick = <T>(from: readonly T[]) => T;
interface Dice {
  pick: Pick;
  between: (from: number, to: number) => number;
}

interface Mutator {
  title: string;
  of: (keyof typeof PASSING)[];
  /** What becomes of the events; `undefined` drops one. */
  mutate: (events: HistoryEvent[], dice: Dice) => HistoryEvent[];
  /** The checks that must fail, and those that may besides. */
  fails: CheckId[];
  mayFail?: CheckId[];
}

const ALL = Object.keys(PASSING) as (keyof typeof PASSING)[];
/** Those in which everything that is ever settled stays so. */
const SETTLING = ALL.filter((name) => name !== "correctionSurfaced");
const settledKeys = (events: HistoryEvent[]) => [
  ...new Set(
    events.flatMap((event) =>
      event.kind === "system.state" && event.means?.kind === "settled" ? [event.key] : [],
    ),
  ),
];
const isAbout = (event: HistoryEvent, key: string) => event.key === key;

const insert = (events: HistoryEvent[], t: number, body: object): HistoryEvent[] => [
  ...events,
  { seq: 0, t, phase: "fault", source: "partner", ...body } as HistoryEvent,
];

const MUTATORS: Mutator[] = [
  {
    title: "delete the settled states of a transaction",
    of: SETTLING,
    mutate(events, { pick }) {
      const key = pick(settledKeys(events));
      return events.map((event) =>
        isAbout(event, key) && event.kind === "system.state" && event.means?.kind === "settled"
          ? { ...event, state: "submitted", means: { kind: "pending" } }
          : event,
      );
    },
    fails: ["agrees-with-partner"],
    mayFail: [
      "no-lost-transaction",
      "recovers",
      "absorbs",
      "durable-acknowledgement",
      "isolation",
      "no-duplicate-effect",
    ],
  },
  {
    title: "settle before the partner had said anything",
    of: ALL,
    mutate(events, { pick, between }) {
      const key = pick(settledKeys(events));
      const accepted = events.find(
        (event): event is EventOf<"start.ok"> => isAbout(event, key) && event.kind === "start.ok",
      );
      const t = (accepted?.t ?? 0) + between(41, 60);
      let isFirst = true;
      return events.map((event) => {
        if (
          !isAbout(event, key) ||
          event.kind !== "system.state" ||
          event.means?.kind !== "settled" ||
          !isFirst
        )
          return event;
        isFirst = false;
        return { ...event, t, since: t - 10 };
      });
    },
    fails: ["no-invented-result"],
    // The attention and pending samples in between now look like a step back, and early rest like late polling.
    mayFail: [
      "no-regression",
      "recovers",
      "isolation",
      "detects",
      "no-silent-discard",
      "rejects-forgery",
      "quiesces",
    ],
  },
  {
    title: "count an effect twice",
    of: ALL,
    mutate(events, { pick }) {
      const key = pick([
        ...new Set(
          events.flatMap((event) =>
            event.kind === "system.effects" && event.effects > 0 ? [event.key] : [],
          ),
        ),
      ]);
      return events.map((event) =>
        isAbout(event, key) && event.kind === "system.effects" && event.effects > 0
          ? { ...event, effects: 2 }
          : event,
      );
    },
    fails: ["no-duplicate-effect"],
    mayFail: ["recovers", "absorbs", "isolation"],
  },
  {
    title: "duplicate an acceptance under another submission id",
    of: ALL,
    mutate(events, { pick, between }) {
      const accepted = pick(events.filter((event) => event.kind === "submission.accepted"));
      return insert(events, accepted.t + between(1, 500), {
        ...accepted,
        t: accepted.t + 10,
        submission: "s-second",
      });
    },
    fails: ["no-duplicate-submission"],
  },
  {
    title: "give one attempt another idempotency key",
    of: ["lostReplyRetried", "outageRetried", "hangGivenUp"],
    mutate(events, { pick }) {
      const attempt = pick(
        events.filter((event) => event.kind === "submit.received" && event.key === "CLM-0001"),
      );
      return events.map((event) =>
        event === attempt ? ({ ...attempt, idempotencyKey: "another" } as HistoryEvent) : event,
      );
    },
    fails: ["stable-idempotency"],
  },
  {
    title: "share one idempotency key between two transactions",
    of: ALL.filter((name) => name !== "steadyState"),
    mutate: (events) =>
      events.map((event) =>
        event.kind === "submit.received" && (event.key === "CLM-0009" || event.key === "BASE-1")
          ? { ...event, idempotencyKey: "shared" }
          : event,
      ),
    fails: ["stable-idempotency"],
  },
  {
    title: "change a settled transaction for a moment",
    of: ALL,
    mutate(events, { pick, between }) {
      const settled = pick(
        events.filter(
          (event) => event.kind === "system.state" && event.means?.kind === "settled" && !event.final,
        ),
      ) as EventOf<"system.state">;
      const t = settled.t + between(1, 200);
      const back = insert(events, t + 100, { ...settled, t: t + 100, since: t });
      return insert(back, t, {
        ...settled,
        t,
        since: settled.t,
        state: "submitted",
        means: { kind: "pending" },
      });
    },
    fails: ["no-regression"],
  },
  {
    title: "answer a forged delivery with 204",
    of: ["forgeryRefused"],
    mutate: (events) =>
      events.map((event) =>
        event.kind === "callback.refused"
          ? ({ ...event, kind: "callback.acked", status: 204 } as HistoryEvent)
          : event,
      ),
    fails: ["rejects-forgery"],
  },
  {
    title: "re-key the partner's word to another transaction",
    of: ["steadyState", "lostReplyRetried"],
    mutate(events, { pick }) {
      const word = pick(
        events.filter(
          (event) =>
            (event.kind === "callback.sent" || event.kind === "status.replied") && event.key !== undefined,
        ),
      );
      return events.map((event) =>
        event === word ? ({ ...event, key: "CLM-9999" } as HistoryEvent) : event,
      );
    },
    fails: ["no-invented-result"],
    mayFail: ["rejects-forgery", "isolation", "no-duplicate-effect"],
  },
  {
    title: "re-key a status reply, so that only another transaction's explains the result",
    of: ["missingCallbackPolled"],
    mutate(events, { pick }) {
      const reply = pick(events.filter((event) => event.kind === "status.replied"));
      return events.map((event) =>
        event === reply ? ({ ...event, key: "CLM-9999" } as HistoryEvent) : event,
      );
    },
    fails: ["isolation"],
    mayFail: ["no-duplicate-effect"],
  },
  {
    title: "surface an acknowledged malformed result to nobody",
    of: ["malformedQuarantined"],
    mutate: (events) =>
      events.filter(
        (event) =>
          !(event.kind === "system.state" && event.means?.kind === "attention") &&
          !(event.kind === "alert.fired" && !event.canary),
      ),
    fails: ["no-silent-discard", "detects"],
  },
  {
    title: "send a refused body again",
    of: ["rejectionHonoured"],
    mutate: (events, { between }) =>
      insert(events, between(1_100, 1_700), {
        kind: "submit.received",
        key: "CLM-0001",
        attempt: 2,
        request: "again",
        idempotencyKey: "ik-CLM-0001",
        bodyHash: "hash-CLM-0001",
      }),
    fails: ["honours-rejection"],
    mayFail: ["no-lost-transaction"],
  },
  {
    title: "multiply an attempt into a storm",
    of: ["lostReplyRetried", "steadyState"],
    mutate(events, { pick, between }) {
      const attempt = pick(events.filter((event) => event.kind === "submit.received"));
      const gap = between(1, 80);
      const copies = Array.from({ length: 11 }, (_, i) => ({
        ...attempt,
        t: attempt.t + (i + 1) * gap,
        request: `copy-${i}`,
      }));
      return copies.reduce((all, copy) => insert(all, copy.t, copy), events);
    },
    fails: ["no-retry-storm"],
    mayFail: ["quiesces"],
  },
  {
    title: "retry before Retry-After has passed",
    of: ["outageRetried"],
    mutate: (events, { between }) => {
      const t = between(1_030, 1_450);
      return events.map((event) =>
        "attempt" in event &&
        event.key === "CLM-0001" &&
        event.attempt === 2 &&
        event.kind.startsWith("submit.")
          ? { ...event, t: event.kind === "submit.received" ? t : t + 2 }
          : event,
      );
    },
    fails: ["honours-retry-after"],
  },
  {
    title: "wait for a hanging request beyond the bound",
    of: ["hangGivenUp"],
    mutate: (events, { between }) => {
      const t = 1_020 + between(8_100, 20_000);
      return events.map((event) => (event.kind === "submit.aborted" ? { ...event, t } : event));
    },
    fails: ["gives-up-waiting"],
  },
  {
    title: "ask about a settled transaction long after everything came to rest",
    of: SETTLING,
    mutate: (events, { pick, between }) =>
      insert(events, Math.max(...events.map(({ t }) => t)) - between(0, 1_000), {
        kind: "status.asked",
        key: pick(settledKeys(events)),
        attempt: 9,
        request: "late",
        submission: "s",
      }),
    fails: ["quiesces"],
  },
  {
    title: "alert before anything is broken",
    of: ALL,
    mutate: (events, { pick, between }) =>
      insert(events, between(20, 900), {
        kind: "alert.fired",
        channel: pick(["claimsOps", "onCall"]),
        alert: "x",
        text: "something is wrong",
        canary: false,
        repeat: false,
      }),
    fails: ["no-false-alarm"],
  },
  {
    title: "let the process die by itself",
    of: ALL,
    mutate: (events, { between }) =>
      insert(events, between(100, 3_900), {
        kind: "system.exited",
        code: 1,
        signal: null,
        expected: false,
        logTail: ["TypeError"],
      }),
    fails: ["stays-up"],
  },
  {
    title: "delete every alert",
    of: ["missingCallbackPolled", "outageRetried", "rejectionHonoured"],
    mutate: (events) => events.filter((event) => !(event.kind === "alert.fired" && !event.canary)),
    fails: [],
    mayFail: ["alerts", "no-lost-transaction"],
  },
  {
    title: "delay every alert beyond its deadline",
    of: ["missingCallbackPolled", "outageRetried"],
    mutate: (events, { between }) => {
      const by = between(3_000, 3_700);
      return events.map((event) =>
        event.kind === "alert.fired" && !event.canary ? { ...event, t: event.t + by } : event,
      );
    },
    fails: ["alerts"],
  },
  {
    title: "settle too late",
    of: ["missingCallbackPolled", "lostReplyRetried", "outageRetried"],
    mutate: (events, { between }) => {
      const t = between(6_500, 7_400);
      return events.map((event) =>
        event.key === "CLM-0001" &&
        ((event.kind === "system.state" && event.means?.kind === "settled" && !event.final) ||
          (event.kind === "system.effects" && event.effects > 0 && !event.final))
          ? { ...event, t, since: t - 100 }
          : event,
      );
    },
    fails: ["recovers"],
    // The alert was closed while the problem was still open.
    mayFail: ["alerts"],
  },
  {
    title: "wake somebody for a harmless duplicate",
    of: ["duplicateAbsorbed"],
    mutate: (events, { between }) =>
      insert(events, between(1_300, 7_900), {
        kind: "alert.fired",
        channel: "claimsOps",
        alert: "x",
        text: "duplicate!",
        canary: false,
        repeat: false,
      }),
    fails: ["absorbs"],
  },
  {
    title: "the ledger never took anything back",
    of: ["correctionSurfaced"],
    mutate: (events) =>
      events.filter(
        (event) => !("outcome" in event && event.outcome === "denied" && event.key === "CLM-0001"),
      ),
    fails: ["no-regression", "durable-acknowledgement"],
    mayFail: ["no-duplicate-effect", "detects", "recovers"],
  },
  {
    title: "nobody hears of a correction",
    of: ["correctionSurfaced"],
    mutate: (events) =>
      events.map((event) =>
        event.kind === "system.state" && event.means?.kind === "attention"
          ? { ...event, state: "paid", means: { kind: "settled", outcome: "approved" } }
          : event,
      ),
    fails: ["agrees-with-partner", "recovers", "detects"],
    mayFail: ["no-duplicate-effect"],
  },
  {
    title: "believe a report under another reference",
    of: ["misdirectedRefused"],
    mutate: (events) =>
      events.map((event) =>
        event.key === "CLM-0002" && event.kind === "system.state" && event.means?.kind === "settled"
          ? { ...event, state: "denied", means: { kind: "settled", outcome: "denied" } }
          : event,
      ),
    fails: ["isolation", "agrees-with-partner", "recovers"],
    mayFail: ["no-duplicate-effect"],
  },
  {
    title: "answer a report about nobody with 2xx",
    of: ["misdirectedRefused"],
    mutate: (events) =>
      events.map((event) => {
        if (event.kind === "callback.sent" && event.reference !== undefined)
          return { ...event, reference: "CLM-7777" };
        if (event.kind !== "callback.refused") return event;
        const { seq, t, phase, source, key, delivery, attempt } = event;
        return { seq, t, phase, source, kind: "callback.acked", key, delivery, attempt, status: 200 };
      }),
    fails: ["rejects-forgery"],
  },
];

describe("one changed event flips the named check and no other", () => {
  test.each(MUTATORS)("$title", ({ of, mutate, fails, mayFail = [] }) => {
    for (const name of of) {
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
          const history = PASSING[name]();
          const verdict = judge(restamped(history, mutate(history.events, diceFrom(numbers))));
          const failed = idsOf(verdict, "failed");
          expect(failed, `${name}: must fail`).toEqual(expect.arrayContaining(fails));
          expect(
            failed.filter((id) => !fails.includes(id) && !mayFail.includes(id)),
            `${name}: must not fail`,
          ).toEqual([]);
          if (failed.length > 0) expect(verdict.verdict).toBe("failed");
          expect(verdict.verdict).not.toBe("error");
          for (const id of failed) {
            for (const finding of check(verdict, id).findings)
              expect(finding.events.every((seq) => seq > 0)).toBe(true);
          }
        }),
        { numRuns: 12 },
      );
    }
  });
});

describe("what says nothing changes nothing", () => {
  const HARMLESS: { title: string; mutate: (events: HistoryEvent[], dice: Dice) => HistoryEvent[] }[] = [
    {
      title: "everything happens later by the same time",
      mutate: (events, { between }) => {
        const by = between(1, 100_000);
        return events.map((event) => ({
          ...event,
          t: event.t + by,
          ...("since" in event ? { since: event.since + by } : {}),
        }));
      },
    },
    {
      title: "a log line is added",
      mutate: (events, { between }) =>
        insert(events, between(0, 3_900), {
          kind: "system.log",
          line: "CLM-0001 error",
          stream: "stderr",
          keys: ["CLM-0001"],
        }),
    },
    {
      title: "a reading is recorded twice",
      mutate: (events, { pick }) => {
        const reading = pick(events.filter((event) => event.kind === "system.state"));
        return events.flatMap((event) => (event === reading ? [event, event] : [event]));
      },
    },
    {
      title: "the canary fires again",
      mutate: (events, { between }) =>
        insert(events, between(0, 3_900), {
          kind: "alert.fired",
          channel: "claimsOps",
          alert: "c",
          text: "test CLM-0001",
          canary: true,
          repeat: true,
        }),
    },
    {
      title: "an unreadable sample lies between two equal readings",
      mutate: (events, { between }) => {
        const t = between(2_900, 3_500);
        return insert(
          insert(events, t, {
            kind: "system.state",
            key: "CLM-0009",
            state: null,
            means: null,
            since: t - 100,
            error: "timeout",
          }),
          t + 100,
          {
            kind: "system.state",
            key: "CLM-0009",
            state: "paid",
            means: { kind: "settled", outcome: "approved" },
            since: t,
          },
        );
      },
    },
  ];
  test.each(HARMLESS)("$title", ({ title, mutate }) => {
    for (const name of ALL.filter((each) => each !== "steadyState" || !title.includes("unreadable"))) {
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
          const history = PASSING[name]();
          const verdict = judge(restamped(history, mutate(history.events, diceFrom(numbers))));
          expect({ name, verdict: verdict.verdict, failed: idsOf(verdict, "failed") }).toEqual({
            name,
            verdict: "passed",
            failed: [],
          });
        }),
        { numRuns: 8 },
      );
    }
  });
});

function restamped({ header }: History, events: readonly HistoryEvent[]): History {
  const inOrder = [...events].sort((a, b) => a.t - b.t).map((event, index) => ({ ...event, seq: index + 1 }));
  return { header, events: inOrder };
}

function diceFrom(numbers: Iterator<number>): Dice {
  const draw = () => Number(numbers.next().value ?? 0);
  return {
    pick: (from) => {
      const chosen = from[draw() % from.length];
      if (chosen === undefined) throw new Error("nothing to pick from");
      return chosen;
    },
    between: (from, to) => from + (draw() % (to - from + 1)),
  };
}
