import fc from "fast-check";
import { expect, it } from "vitest";
import * as z from "zod";
import { createHistoryLog } from "../../history/history.ts";
import type { Clock } from "../../lib/clock.ts";
import { faultUseSchema } from "../faults/index.ts";
import { createPlan } from "./plan.ts";
import { resolveSchedule } from "./resolve.ts";
import type { PlannedTransaction, Schedule } from "./schedule.ts";

const FACTS = { outcomes: ["approved", "denied"], promisesMs: 1_000 };

function uses(...faults: unknown[]) {
  return z.array(faultUseSchema).parse(faults);
}

function planned(count: number, control: readonly number[] = []): PlannedTransaction[] {
  return Array.from({ length: count }, (_, i) => ({
    ordinal: i + 1,
    control: control.includes(i + 1),
    start: { amount: (i + 1) * 100 },
  }));
}

async function selectedBy(
  on: unknown,
  transactions: PlannedTransaction[],
  seed = "s",
): Promise<number[] | "everyone"> {
  const faults = uses({ fault: "callback.missing", on });
  const schedule = await resolveSchedule({ seed, scenario: "x", faults, transactions });
  return schedule.faults[0]?.selected ?? [];
}

/** A plan on a clock that the test turns. */
function armed(schedule: Schedule) {
  const time = { ms: 0 };
  const clock: Clock = { now: () => time.ms, originMs: 1_700_000_000_000 };
  const history = createHistoryLog({ clock });
  const plan = createPlan({ schedule, clock, history, ordinalOf: (key) => Number(key.slice(1)) });
  plan.arm(FACTS);
  return { plan, time, history };
}

const subject = (ordinal: number) => ({ key: `K${ordinal}`, ordinal });

it.each([
  ["all", [1, 2, 4, 5, 7, 8]],
  ["first 3", [1, 2, 4]],
  ["every 2nd", [2, 5, 8]],
  [
    [1, 3],
    [1, 4],
  ],
  [{ where: "start.amount > 400" }, [5, 7, 8]],
])("resolves %j to transactions outside the control group", async (on, expected) => {
  expect(await selectedBy(on, planned(8, [3, 6]))).toEqual(expected);
});

it("resolves a share to that many transactions, at least one, and to others with another seed", async () => {
  const transactions = planned(40, [1, 2]);
  const chosen = await selectedBy("30%", transactions);
  expect(chosen).toHaveLength(Math.round(38 * 0.3));
  expect(await selectedBy("30%", transactions)).toEqual(chosen);
  expect(await selectedBy("30%", transactions, "t")).not.toEqual(chosen);
  expect(await selectedBy("1%", transactions)).toHaveLength(1);
});

it("gives a fault that cannot spare anybody to everyone", async () => {
  const faults = uses(
    { fault: "connection.refused" },
    { fault: "connection.reset", when: "accept" },
    { fault: "connection.reset" },
  );
  const { faults: scheduled } = await resolveSchedule({
    seed: "s",
    scenario: "x",
    faults,
    transactions: planned(3, [2]),
  });
  expect(scheduled.map(({ selected }) => selected)).toEqual(["everyone", "everyone", [1, 3]]);
});

const onArbitrary = fc.oneof(
  fc.constant("all"),
  fc.integer({ min: 1, max: 100 }).map((share) => `${share}%`),
  fc.integer({ min: 1, max: 20 }).map((count) => `first ${count}`),
  fc.integer({ min: 1, max: 9 }).map((nth) => `every ${nth}th`),
  fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
);

it("never selects the control group", async () => {
  await fc.assert(
    fc.asyncProperty(
      onArbitrary,
      fc.uniqueArray(fc.integer({ min: 1, max: 30 })),
      fc.string(),
      async (on, control, seed) => {
        const chosen = await selectedBy(on, planned(30, control), seed);
        for (const ordinal of control) expect(chosen).not.toContain(ordinal);
      },
    ),
  );
});

it("decides the same however the lookups are ordered and whatever else was asked before", async () => {
  const faults = uses(
    { fault: "submit.slow", delay: "1s..9s", on: "50%" },
    { fault: "processing.slow", takes: "2s..8s", attempts: "1..2" },
    { fault: "callback.late", delay: "3s..6s", on: "every 3rd" },
  );
  const schedule = await resolveSchedule({
    seed: "s",
    scenario: "x",
    faults,
    transactions: planned(10, [4]),
  });
  const questions = ["submit", "processing", "callback"].flatMap((point) =>
    planned(10).flatMap(({ ordinal }) => [1, 2, 3].map((attempt) => ({ point, ordinal, attempt }))),
  );
  const answers = (order: readonly number[]) => {
    const { plan } = armed(schedule);
    const given = order.map((i): [number, unknown] => {
      const { point, ordinal, attempt } = questions[i] ?? { point: "submit", ordinal: 1, attempt: 1 };
      const active = plan.at(point as "submit", subject(ordinal), attempt);
      return [
        i,
        active.map(({ index, context }) => [index, context.choose("delay"), context.choose("takes")]),
      ];
    });
    return given.sort(([a], [b]) => a - b);
  };
  const inOrder = questions.map((_, i) => i);
  const expected = answers(inOrder);
  expect(expected.some(([, active]) => (active as unknown[]).length > 0)).toBe(true);
  fc.assert(
    fc.property(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), (order) => {
      expect(answers(order)).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

it("throws other dice for every transaction, attempt, fault and purpose", async () => {
  const faults = uses({ fault: "submit.slow" }, { fault: "submit.slow" });
  const { plan } = armed(
    await resolveSchedule({ seed: "s", scenario: "x", faults, transactions: planned(5) }),
  );
  const dice = planned(5).flatMap(({ ordinal }) =>
    [1, 2].flatMap((attempt) =>
      plan
        .at("submit", subject(ordinal), attempt)
        .flatMap(({ context }) => [context.choose("delay"), context.choose("other")]),
    ),
  );
  expect(new Set(dice).size).toBe(5 * 2 * 2 * 2);
});

it("honours spans, flapping and attempts", async () => {
  const faults = uses(
    { fault: "submit.slow", during: "100ms..200ms" },
    { fault: "submit.unavailable", during: { every: "300ms", for: "50ms" }, attempts: 2 },
  );
  const { plan, time } = armed(
    await resolveSchedule({ seed: "s", scenario: "x", faults, transactions: planned(1) }),
  );
  const at = (ms: number, attempt: number) => {
    time.ms = ms;
    return plan.at("submit", subject(1), attempt).map(({ index }) => index);
  };
  expect(at(0, 1)).toEqual([]);
  expect(at(0, 2)).toEqual([1]);
  expect(at(50, 2)).toEqual([]);
  expect(at(100, 1)).toEqual([0]);
  expect(at(199, 3)).toEqual([0]);
  expect(at(200, 1)).toEqual([]);
  expect(at(349, 2)).toEqual([1]);
  expect(plan.lastWindowEndMs).toBe(350);
  expect([349, 350].map((ms) => plan.isOver(ms))).toEqual([false, true]);
});

it("applies before arming and after disarming to nobody", async () => {
  const faults = uses({ fault: "submit.slow" }, { fault: "connection.refused" });
  const { plan, history } = armed(
    await resolveSchedule({ seed: "s", scenario: "x", faults, transactions: planned(1) }),
  );
  expect(plan.at("submit", subject(1), 1)).toHaveLength(1);
  expect(plan.outage()).toEqual({ kind: "refused", untilMs: undefined });
  plan.disarm();
  plan.disarm();
  expect(plan.at("submit", subject(1), 1)).toEqual([]);
  expect(plan.outage()).toEqual({ kind: undefined, untilMs: undefined });
  plan.startedWhileRefused("K1");
  expect(history.events.map(({ kind }) => kind)).toEqual([
    "fault.armed",
    "fault.armed",
    "fault.disarmed",
    "fault.disarmed",
  ]);
});

it("records a fault once per transaction, point and attempt", async () => {
  const faults = uses({ fault: "submit.slow" });
  const { plan, history } = armed(
    await resolveSchedule({ seed: "s", scenario: "x", faults, transactions: planned(2) }),
  );
  for (const [ordinal, attempt] of [
    [1, 1],
    [1, 1],
    [1, 2],
    [2, 1],
  ] as const) {
    for (const active of plan.at("submit", subject(ordinal), attempt)) plan.fired(active);
  }
  const fired = history.events.filter(({ kind }) => kind === "fault.fired");
  expect(fired.map(({ key, attempt }) => [key, attempt])).toEqual([
    ["K1", 1],
    ["K1", 2],
    ["K2", 1],
  ]);
});

it("survives JSON, so that a schedule can be replayed as it was", async () => {
  const faults = uses(
    { fault: "submit.unavailable", retryAfter: "1s", on: "40%", during: "0s..5s", attempts: "1..2" },
    { fault: "callback.late", delay: { lognormal: { median: "1s", p99: "4s" } } },
    { fault: "connection.refused", during: { every: "3s", for: "1s" } },
  );
  const schedule = await resolveSchedule({
    seed: "s",
    scenario: "x",
    faults,
    transactions: planned(12, [3, 7]),
  });
  const again = JSON.parse(JSON.stringify(schedule)) as Schedule;
  expect(again).toEqual(schedule);
  const ask = (from: Schedule) =>
    planned(12).map(({ ordinal }) =>
      armed(from)
        .plan.at("callback", subject(ordinal), 1)
        .map(({ settings, context }) => [settings, context.choose("delay")]),
    );
  expect(ask(again)).toEqual(ask(schedule));
});

it("selects by order of arrival where nobody planned the transactions", async () => {
  const schedule = await resolveSchedule({
    seed: "s",
    scenario: "serve",
    faults: uses({ fault: "submit.slow", on: "first 2" }, { fault: "submit.unavailable", on: "30%" }),
    transactions: [],
  });
  const { plan } = armed(schedule);
  const hit = Array.from({ length: 400 }, (_, i) =>
    plan.at("submit", subject(i + 1), 1).map(({ index }) => index),
  );
  expect(hit.flatMap((indexes, i) => (indexes.includes(0) ? [i + 1] : []))).toEqual([1, 2]);
  const share = hit.filter((indexes) => indexes.includes(1)).length / 400;
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.4);
});

it("misses no edge of an outage, even when the clock goes on between two looks at it", async () => {
  const faults = uses({ fault: "connection.refused", during: "100ms..200ms" });
  const schedule = await resolveSchedule({ seed: "s", scenario: "x", faults, transactions: planned(1) });
  let ms = 0;
  const clock: Clock = { now: () => ms++, originMs: 0 };
  const plan = createPlan({
    schedule,
    clock,
    history: createHistoryLog({ clock }),
    ordinalOf: () => undefined,
  });
  plan.arm(FACTS);
  const looks = Array.from({ length: 250 }, () => plan.outage());
  const changes = looks.filter(
    ({ kind, untilMs }, i) => i === 0 || kind !== looks[i - 1]?.kind || untilMs !== looks[i - 1]?.untilMs,
  );
  expect(changes.map(({ kind, untilMs }) => [kind, untilMs])).toEqual([
    [undefined, 100],
    ["refused", 200],
    [undefined, undefined],
  ]);
});

const malforming = (selected: number[]): Schedule => ({
  neverfailsSchedule: 1,
  seed: "s",
  scenario: "x",
  faults: [{ index: 0, fault: "payload.malformed", settings: {}, selected }],
});

it("deals by the position among the selected, with the same dice for all of them and for every attempt", () => {
  const { plan } = armed(malforming([2, 5, 9]));
  const dealing = (ordinal: number, attempt = 1) =>
    plan.at("payload", subject(ordinal), attempt)[0]?.context.dealing;
  expect([2, 5, 9].map((ordinal) => dealing(ordinal)?.rank)).toEqual([0, 1, 2]);
  expect(dealing(9, 3)?.choose("x")).toBe(dealing(2)?.choose("x"));
  expect(dealing(2)?.choose("x")).not.toBe(dealing(2)?.choose("y"));
});

it("says once what a fault can make of the payloads, and later only what is new", () => {
  const { plan, history } = armed(malforming([1]));
  const [use] = plan.at("payload", subject(1), 1);
  if (!use) throw new Error("the fault does not apply");
  const html = { mutation: "html" };
  const ofId = { mutation: "wrong-type", field: "id" };
  for (const mutants of [[html], [html], [html, ofId]]) plan.derived(use, mutants);
  expect(history.events.filter(({ kind }) => kind === "payload.derived")).toMatchObject([
    { fault: 0, mutants: [html] },
    { fault: 0, mutants: [ofId] },
  ]);
});
