import fc from "fast-check";
import { expect, it } from "vitest";
import { until } from "../lib/wait.ts";
import { createTimetable } from "./timetable.ts";

it("performs everything once, in the order of its moments and never early", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: -5, max: 25 }), { maxLength: 60 }), async (waits) => {
      const performed: { wait: number; index: number; at: number; due: number }[] = [];
      const table = createTimetable<{ wait: number; index: number; due: number }>(
        () => performance.now(),
        (item) => performed.push({ ...item, at: performance.now() }),
      );
      const began = performance.now();
      for (const [index, wait] of waits.entries())
        table.add(began + wait, { wait, index, due: began + wait });
      expect(performed).toEqual([]);
      expect(table.size).toBe(waits.length);
      expect(await until(() => performed.length >= waits.length, { withinMs: 5_000, everyMs: 1 })).toBe(true);
      expect(table.size).toBe(0);
      const sorted = waits.map((wait, index) => ({ wait, index })).sort((a, b) => a.wait - b.wait);
      expect(performed.map(({ wait, index }) => ({ wait, index }))).toEqual(sorted);
      expect(performed.filter(({ at, due }) => at < due)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

it("performs what is added later but due sooner first", async () => {
  const performed: string[] = [];
  const table = createTimetable<string>(
    () => performance.now(),
    (item) => performed.push(item),
  );
  table.add(performance.now() + 60, "later");
  table.add(performance.now() + 10, "sooner");
  await until(() => performed.length === 2, { withinMs: 5_000, everyMs: 1 });
  expect(performed).toEqual(["sooner", "later"]);
});

it("lets what is performed add more", async () => {
  let count = 0;
  const table = createTimetable<number>(
    () => performance.now(),
    (left) => {
      count += 1;
      if (left > 0) table.add(performance.now(), left - 1);
    },
  );
  table.add(performance.now(), 20);
  await until(() => count === 21, { withinMs: 5_000, everyMs: 1 });
  expect(count).toBe(21);
});

it("forgets everything when it is cleared, and goes on afterwards", async () => {
  const performed: string[] = [];
  const table = createTimetable<string>(
    () => performance.now(),
    (item) => performed.push(item),
  );
  table.add(performance.now() + 1, "forgotten");
  table.clear();
  expect(table.size).toBe(0);
  table.add(performance.now() + 20, "kept");
  await until(() => performed.length > 0, { withinMs: 5_000, everyMs: 1 });
  expect(performed).toEqual(["kept"]);
});

it("is not woken at once by what is due in a year", async () => {
  const performed: string[] = [];
  const table = createTimetable<string>(
    () => performance.now(),
    (item) => performed.push(item),
  );
  table.add(performance.now() + 366 * 86_400_000, "in a year");
  table.add(performance.now() + 20, "soon");
  await until(() => performed.length > 0, { withinMs: 5_000, everyMs: 1 });
  expect(performed).toEqual(["soon"]);
  table.clear();
});
