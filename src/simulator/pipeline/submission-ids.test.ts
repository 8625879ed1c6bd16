// Ids of submissions: each kind tells the ordinal that it was made of, and takes no stranger's text for one of its own.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSubmissionIds } from "./submission-ids.ts";

const KINDS = [undefined, "pay_", "", "uuid", "number"] as const;
const ordinals = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1_000_000, max: 9_999_999 }));
const counts = fc.integer({ min: 0, max: 99_999 });

describe.each(KINDS)("ids: %s", (kind) => {
  it("tell the ordinal, whatever the seed", () => {
    void fc.assert(
      fc.property(fc.string(), ordinals, counts, (seed, ordinal, nth) => {
        const ids = createSubmissionIds(kind, seed);
        expect(ids.ordinalOf(ids.make(ordinal, nth))).toBe(ordinal);
      }),
    );
  });

  it("are the same for the same seed, and another for each submission", () => {
    const made = (seed: string) =>
      Array.from({ length: 2_000 }, (_, i) => createSubmissionIds(kind, seed).make(1 + (i >> 1), i & 1));
    expect(made("a")).toEqual(made("a"));
    expect(new Set(made("a")).size).toBe(2_000);
  });

  it("survive any text that is asked for", () => {
    const ids = createSubmissionIds(kind, "seed");
    void fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const ordinal = ids.ordinalOf(text);
        expect(ordinal === undefined || Number.isInteger(ordinal)).toBe(true);
      }),
    );
    expect(ids.ordinalOf("__proto__")).toBeUndefined();
    expect(ids.ordinalOf("../../etc/passwd")).toBeUndefined();
  });
});
