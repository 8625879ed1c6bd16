import fc from "fast-check";
import { expect, it } from "vitest";
import { createIsoTimes } from "./iso-times.ts";

it("writes the same as Date does, at every moment", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
      fc.array(fc.double({ min: 0, max: 5_000, noNaN: true })),
      (originMs, moments) => {
        let now = 0;
        const iso = createIsoTimes({ originMs, now: () => now });
        for (const moment of moments) {
          now = moment;
          expect(iso()).toBe(new Date(originMs + moment).toISOString());
        }
      },
    ),
  );
});
