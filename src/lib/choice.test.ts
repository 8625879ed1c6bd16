import fc from "fast-check";
import { expect, it } from "vitest";
import { choose, chooseAfter, chooseTag, pickWeighted } from "./choice.ts";

it("depends on its parts only", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.integer())), (parts) => {
      expect(choose(...parts)).toBe(choose(...parts));
      expect(choose(...parts)).toBeGreaterThanOrEqual(0);
      expect(choose(...parts)).toBeLessThan(1);
    }),
  );
});

it("may be told what comes again and again only once", () => {
  const parts = fc.array(fc.oneof(fc.string(), fc.integer()));
  fc.assert(
    fc.property(parts, parts, (before, after) => {
      const draw = chooseAfter(...before);
      expect([draw(...after), draw(...after)]).toEqual(Array(2).fill(choose(...before, ...after)));
    }),
  );
});

it("tells parts apart by their borders and types", () => {
  const numbers = [
    choose("ab", "c"),
    choose("a", "bc"),
    choose("abc"),
    choose("1"),
    choose(1),
    choose("a", "", "bc"),
  ];
  expect(new Set(numbers).size).toBe(numbers.length);
});

it("spreads evenly: every tenth gets a tenth, give or take", () => {
  const buckets = new Array<number>(10).fill(0);
  for (let i = 0; i < 20_000; i++) {
    const bucket = Math.floor(choose("seed", "scenario", 0, i, 1) * 10);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  for (const size of buckets) expect(Math.abs(size - 2_000)).toBeLessThan(200);
});

it("picks by weight", () => {
  const outcomes = [
    ["approved", 0.9],
    ["denied", 0.1],
  ] as const;
  expect(pickWeighted(outcomes, 0.89)).toBe("approved");
  expect(pickWeighted(outcomes, 0.91)).toBe("denied");
  expect(pickWeighted(outcomes, 0.999_999)).toBe("denied");
});

it("makes tags of the length asked for", () => {
  expect(chooseTag(12, "a")).toMatch(/^[0-9a-z]{12}$/);
  expect(chooseTag(4, "a")).not.toBe(chooseTag(4, "b"));
});
