import fc from "fast-check";
import { expect, it } from "vitest";
import { createTokenBucket } from "./token-bucket.ts";

it("admits a burst as large as the quota, and then as many as come back in time", () => {
  const bucket = createTokenBucket({ requests: 2, perMs: 1_000 });
  const at = (ms: number) => bucket.take(ms);
  expect(at(100)).toMatchObject({ admitted: true, remaining: 1 });
  expect(at(100)).toMatchObject({ admitted: true, remaining: 0 });
  const refused = at(200);
  expect(refused).toMatchObject({ admitted: false, remaining: 0 });
  expect(refused.moreMs).toBeCloseTo(400);
  expect(at(599).admitted).toBe(false);
  expect(at(600)).toMatchObject({ admitted: true, remaining: 0 });
  expect(at(5_000)).toMatchObject({ admitted: true, remaining: 1 });
});

it("says how long it takes until one more is admitted, and nobody who waits so long is refused", () => {
  fc.assert(
    fc.property(
      fc.record({ requests: fc.integer({ min: 1, max: 50 }), perMs: fc.integer({ min: 1, max: 90_000 }) }),
      fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 60 }),
      (quota, gaps) => {
        const bucket = createTokenBucket(quota);
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          const { admitted, remaining, moreMs } = bucket.take(now);
          expect(remaining).toBeLessThan(quota.requests);
          if (admitted) continue;
          now += moreMs;
          expect(bucket.take(now).admitted).toBe(true);
        }
      },
    ),
  );
});

it("never admits more than the quota and what came back since", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 100 }),
      (requests, gaps) => {
        const bucket = createTokenBucket({ requests, perMs: 1_000 });
        let now = 0;
        let admitted = 0;
        for (const gap of gaps) {
          now += gap;
          if (bucket.take(now).admitted) admitted += 1;
        }
        expect(admitted).toBeLessThanOrEqual(requests + (now * requests) / 1_000 + 1e-6);
      },
    ),
  );
});
