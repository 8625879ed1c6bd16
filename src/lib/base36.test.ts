import * as fc from "fast-check";
import { expect, it } from "vitest";
import { base36Pairs } from "./base36.ts";

it("writes the last digits that toString(36) writes", () => {
  void fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 6 }), (value, pairs) => {
      const length = 2 * pairs;
      expect(base36Pairs(value, pairs)).toBe(value.toString(36).padStart(length, "0").slice(-length));
    }),
  );
});
