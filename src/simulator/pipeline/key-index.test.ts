// The index by key, held against a Map.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createKeyIndex } from "./key-index.ts";

const salts = fc.integer({ min: 0, max: 0x7fffffff });

it("finds what a Map finds, and makes nothing twice", () => {
  void fc.assert(
    fc.property(salts, fc.array(fc.string({ unit: "binary", maxLength: 3 })), (salt, keys) => {
      const index = createKeyIndex<{ key: string }>(salt);
      const known = new Map<string, { key: string }>();
      for (const key of keys) {
        expect(index.find(key)).toBe(known.get(key));
        const item = index.findOrAdd(key, (made) => ({ key: made }));
        if (known.has(key)) expect(item).toBe(known.get(key));
        known.set(key, item);
        expect(item.key).toBe(key);
      }
      for (const [key, item] of known) expect(index.find(key)).toBe(item);
    }),
  );
});

it("keeps everything while it grows", () => {
  const COUNT = 50_000;
  const index = createKeyIndex<{ key: string; nth: number }>();
  for (let nth = 0; nth < COUNT; nth++) index.findOrAdd(`CLM-${nth}`, (key) => ({ key, nth }));
  for (let nth = 0; nth < COUNT; nth++) expect(index.find(`CLM-${nth}`)?.nth).toBe(nth);
  expect(index.find(`CLM-${COUNT}`)).toBeUndefined();
  expect(index.find("__proto__")).toBeUndefined();
});
