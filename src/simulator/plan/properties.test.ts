// The plan over random plans: whom a fault hits and what it draws depends on its keys alone, never on who asks first.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createHistoryLog } from "../../history/history.ts";
import type { Clock } from "../../lib/clock.ts";
import { delaySchema, longest, sampleDelay } from "../../lib/delay.ts";
import { stageAt } from "../contract/stages.ts";
import { FAULT_NAMES, type FaultName, faultNamed, faultUseSchema } from "../faults/index.ts";
import { createPlan, type Subject } from "./plan.ts";
import { resolveSchedule } from "./resolve.ts";
import type { PlannedTransaction, Schedule } from "./schedule.ts";

const COUNT = 12;
const STAGES = ["received", "in-review", "settled"].map((name) => ({ name }));
const FACTS = {
  outcomes: ["approved", "denied"],
  promisesMs: 1_000,
  stages: STAGES.map(({ name }) => name),
  tls: true,
};
const POINTS = [...new Set(FAULT_NAMES.map((name) => faultNamed(name).point))];

const durations = fc.integer({ min: 1, max: 5_000 }).map((ms) => `${ms}ms`);
const delays = fc.oneof(
  durations,
  fc
    .tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 900 }))
    .map(([from, more]) => `${from}ms..${from + more}ms`),
  fc
    .tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 900 }))
    .map(([median, more]) => ({ lognormal: { median: `${median}ms`, p99: `${median + more}ms` } })),
);
const selections = fc.oneof(
  fc.constant("all"),
  fc.integer({ min: 1, max: 100 }).map((share) => `${share}%`),
  fc.integer({ min: 1, max: COUNT + 2 }).map((count) => `first ${count}`),
  fc.integer({ min: 1, max: 5 }).map((nth) => `every ${nth}th`),
  fc.uniqueArray(fc.integer({ min: 1, max: COUNT }), { minLength: 1 }),
  fc.integer({ min: 0, max: 1_300 }).map((amount) => ({ where: `start.amount > ${amount}` })),
);
const windows = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 3_000 }))
    .map(([from, lasts]) => `${from}ms..${from + lasts}ms`),
  fc
    .tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 900 }))
    .map(([lasts, pause]) => ({ every: `${lasts + pause}ms`, for: `${lasts}ms` })),
);
const attempts = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }))
  .map(([from, more]) => (more === 0 ? from : `${from}..${from + more}`));
const isReported = (name: FaultName) => ["callback", "payload"].includes(faultNamed(name).point);

/** An entry of `faults:` as users write it: any fault with its defaults, or with a delay where it takes one. */
const entries = fc
  .record({
    name: fc.constantFrom(...FAULT_NAMES),
    on: fc.option(selections, { nil: undefined }),
    during: fc.option(windows, { nil: undefined }),
    attempts: fc.option(attempts, { nil: undefined }),
    delay: delays,
    stage: fc.option(fc.constantFrom(...STAGES.map(({ name }) => name)), { nil: undefined }),
  })
  .map(({ name, on, during, attempts: tries, delay, stage }) => {
    const takesDelay = accepts(name, { delay });
    const isPicky = accepts(name, { on: "first 1" });
    return {
      fault: name,
      ...(takesDelay && { delay }),
      ...(on !== undefined && isPicky && { on }),
      ...(during !== undefined && { during }),
      ...(tries !== undefined && { attempts: tries }),
      ...(stage !== undefined && isReported(name) && { stage }),
    };
  });

function accepts(name: FaultName, more: Record<string, unknown>): boolean {
  return faultUseSchema.safeParse({ fault: name, ...more }).success;
}

function planned(control: readonly number[]): PlannedTransaction[] {
  return Array.from({ length: COUNT }, (_, i) => ({
    ordinal: i + 1,
    control: control.includes(i + 1),
    start: { amount: (i + 1) * 100 },
  }));
}

function scheduled(faults: unknown[], control: readonly number[], seed: string): Promise<Schedule> {
  const uses = z.array(faultUseSchema).parse(faults);
  return resolveSchedule({ seed, scenario: "x", faults: uses, transactions: planned(control) });
}

/** A plan on a clock that the test turns. */
function armed(schedule: Schedule) {
  const time = { ms: 0 };
  const clock: Clock = { now: () => time.ms, originMs: 0 };
  const plan = createPlan({
    schedule,
    clock,
    history: createHistoryLog({ clock }),
    ordinalOf: (key) => Number(key.slice(1)),
  });
  plan.arm(FACTS);
  return { plan, time };
}

interface Question {
  point: (typeof POINTS)[number];
  subject: Subject;
  attempt: number;
  atMs: number;
}

/** Everything that can be asked of a plan: points, transactions, attempts, stages, moments. */
const QUESTIONS: Question[] = POINTS.flatMap((point) =>
  Array.from({ length: COUNT }, (_, i) => i + 1).flatMap((ordinal) =>
    [1, 2, 4].flatMap((attempt) =>
      (point === "callback" || point === "payload" ? [undefined, 1, 3] : [undefined]).map((position) => ({
        point,
        attempt,
        atMs: (ordinal * 131 * attempt) % 3_000,
        subject: {
          key: `K${ordinal}`,
          ordinal,
          ...(position !== undefined && { reports: stageAt(STAGES, position) }),
        },
      })),
    ),
  ),
);

/** What a plan answers, in the order in which it is asked; by the number of the question. */
function answers(schedule: Schedule, order: readonly number[]): Map<number, unknown> {
  const { plan, time } = armed(schedule);
  return new Map(
    order.map((i) => {
      const question = QUESTIONS[i];
      if (!question) throw new Error("unreachable");
      time.ms = question.atMs;
      const active = plan.at(question.point, question.subject, question.attempt);
      for (const use of active) if (i % 3 === 0) plan.fired(use);
      return [
        i,
        active.map(({ index, settings, context }) => [
          index,
          settings,
          context.choose("delay"),
          context.choose("field"),
        ]),
      ];
    }),
  );
}

const inOrder = QUESTIONS.map((_, i) => i);
const plans = fc.record({
  faults: fc.array(entries, { minLength: 1, maxLength: 5 }),
  control: fc.uniqueArray(fc.integer({ min: 1, max: COUNT }), { maxLength: 4 }),
  seed: fc.string({ maxLength: 8 }),
});

describe("a random plan", () => {
  it("decides by key, whoever is asked about first and whatever was asked or recorded before", async () => {
    await fc.assert(
      fc.asyncProperty(
        plans,
        fc.shuffledSubarray(inOrder, { minLength: inOrder.length }),
        async ({ faults, control, seed }, order) => {
          const schedule = await scheduled(faults, control, seed);
          expect(await scheduled(faults, control, seed)).toEqual(schedule);
          const expected = answers(schedule, inOrder);
          const shuffled = answers(JSON.parse(JSON.stringify(schedule)) as Schedule, order);
          for (const [i, answer] of shuffled) expect(answer).toEqual(expected.get(i));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("never hits who was spared, an attempt, a moment or a stage that is not meant", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async ({ faults, control, seed }) => {
        const schedule = await scheduled(faults, control, seed);
        const { plan, time } = armed(schedule);
        for (const { point, subject, attempt, atMs } of QUESTIONS) {
          time.ms = atMs;
          for (const { index, fault } of plan.at(point, subject, attempt)) {
            const use = schedule.faults[index];
            expect(fault.point).toBe(point);
            if (use?.selected !== "everyone") expect(control).not.toContain(subject.ordinal);
            if (use?.attempts) {
              expect(attempt).toBeGreaterThanOrEqual(use.attempts.from);
              expect(attempt).toBeLessThanOrEqual(use.attempts.to);
            }
            if (use?.during?.kind === "span") {
              expect(atMs).toBeGreaterThanOrEqual(use.during.fromMs);
              expect(atMs).toBeLessThan(use.during.toMs);
            }
            if (use?.during?.kind === "flapping")
              expect(atMs % use.during.everyMs).toBeLessThan(use.during.forMs);
            if (use?.stages) expect(use.stages).toContain(subject.reports?.name);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("adds a fault without changing what the others decide", async () => {
    await fc.assert(
      fc.asyncProperty(plans, entries, async ({ faults, control, seed }, another) => {
        const before = answers(await scheduled(faults, control, seed), inOrder);
        const after = answers(await scheduled([...faults, another], control, seed), inOrder);
        for (const [i, answer] of after) {
          const others = (answer as [number, ...unknown[]][]).filter(([index]) => index < faults.length);
          expect(others).toEqual(before.get(i));
        }
      }),
      { numRuns: 20 },
    );
  });
});

it("draws a delay within its bounds, the larger the draw the longer", () => {
  fc.assert(
    fc.property(delays, fc.float({ min: 0, max: Math.fround(0.98), noNaN: true }), (written, u) => {
      const delay = delaySchema.parse(written);
      const ms = sampleDelay(delay, u);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(longest(delay) + 1e-6);
      expect(sampleDelay(delay, u / 2)).toBeLessThanOrEqual(ms);
      expect(sampleDelay(delay, u)).toBe(ms);
    }),
  );
});

/** Every way to target, as users write it; each has to work beside each fault. */
const TARGETS: [string, Record<string, unknown>][] = [
  ["nothing", {}],
  ["all", { on: "all" }],
  ["a share", { on: "50%" }],
  ["the first", { on: "first 3" }],
  ["every nth", { on: "every 2nd" }],
  ["a list", { on: [1, 3] }],
  ["a condition", { on: { where: "start.amount > 600" } }],
  ["a span", { during: "0s..1s" }],
  ["flapping", { during: { every: "1s", for: "500ms" } }],
  ["attempts", { attempts: "1..2" }],
];

describe.each(FAULT_NAMES)("%s composes with", (name) => {
  const fault = faultNamed(name);

  it.each(TARGETS)("%s", async (_target, target) => {
    if (!accepts(name, target)) {
      // Only who hits everyone, or no transaction at all, refuses to be told whom to hit.
      expect(target.on).not.toBe("all");
      expect(target).toHaveProperty("on");
      expect(fault.spares ?? fault.targets).toBeDefined();
      return;
    }
    const schedule = await scheduled([{ fault: name, ...target }], [2], "seed");
    const { plan } = armed(schedule);
    const selected = schedule.faults[0]?.selected;
    const hit = planned([2]).flatMap(({ ordinal }) => {
      const key = `K${ordinal}`;
      const active = plan.at(fault.point, { key, ordinal }, 1);
      if (active.length > 0) expect(active).toMatchObject([{ index: 0, fault: { name }, context: { key } }]);
      return active.length > 0 ? [ordinal] : [];
    });
    // What breaks connections for everyone is done by the listener, for nobody in particular.
    if (plan.outage().kind !== undefined) expect(hit).toEqual([]);
    else expect(hit).toEqual(selected === "everyone" ? planned([]).map(({ ordinal }) => ordinal) : selected);
    if (selected !== "everyone") expect(selected).not.toContain(2);
    plan.disarm();
    expect(plan.at(fault.point, { key: "K1", ordinal: 1 }, 1)).toEqual([]);
  });
});
