import fc from "fast-check";
import { expect, it } from "vitest";
import { type Delay, delaySchema, longest, sampleDelay } from "./delay.ts";

const quantiles = Array.from({ length: 999 }, (_, i) => (i + 1) / 1_000);

it("keeps a uniform delay inside its range, whatever the dice say", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (u) => {
      const ms = sampleDelay(delaySchema.parse("200ms..600ms"), u);
      expect(ms).toBeGreaterThanOrEqual(200);
      expect(ms).toBeLessThanOrEqual(600);
    }),
  );
});

it("hits the median and the 99th percentile that a lognormal delay declares, and only grows", () => {
  const delay: Delay = delaySchema.parse({ lognormal: { median: "200ms", p99: "2s" } });
  expect(sampleDelay(delay, 0.5)).toBeCloseTo(200, 0);
  expect(sampleDelay(delay, 0.99)).toBeCloseTo(2_000, -1);
  expect(longest(delay)).toBe(2_000);
  const samples = quantiles.map((u) => sampleDelay(delay, u));
  expect(samples).toEqual([...samples].sort((a, b) => a - b));
});

it.each(["600ms..200ms", "fast", "1s..", "..2s"])("refuses %j", (text) => {
  expect(delaySchema.safeParse(text).success).toBe(false);
});

it("refuses a lognormal delay whose 99th percentile is not above its median", () => {
  expect(delaySchema.safeParse({ lognormal: { median: "2s", p99: "1s" } }).success).toBe(false);
});
