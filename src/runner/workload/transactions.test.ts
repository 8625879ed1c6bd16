import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planWorkload, type WorkloadOptions } from "./transactions.ts";

const options: WorkloadOptions = {
  seed: "1",
  scenario: "a/b",
  nonce: "",
  noun: "claim",
  transactions: 12,
  control: 0.25,
  spares: true,
};

describe("a planned workload", () => {
  it("is the same for the same seed and scenario, and has other keys and another control group for others", () => {
    expect(planWorkload(options)).toEqual(planWorkload(options));
    const keys = ({ faulted }: ReturnType<typeof planWorkload>) => faulted.map(({ key }) => key);
    for (const other of [{ seed: "2" }, { scenario: "a/c" }, { nonce: "run" }]) {
      expect(keys(planWorkload({ ...options, ...other }))).not.toEqual(keys(planWorkload(options)));
    }
  });

  it("spares the share that was asked for, at least two, at most half, and never the same ordinal twice", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (transactions, control) => {
          const { faulted } = planWorkload({ ...options, transactions, control });
          const spared = faulted.filter(({ group }) => group === "control").length;
          expect(spared).toBeLessThanOrEqual(Math.floor(transactions / 2));
          if (transactions >= 4) expect(spared).toBeGreaterThanOrEqual(2);
          expect(new Set(faulted.map(({ key }) => key)).size).toBe(transactions);
        },
      ),
    );
  });

  it("has no control group when it was not asked for", () => {
    expect(planWorkload({ ...options, control: 0 }).faulted.every(({ group }) => group === "faulted")).toBe(
      true,
    );
  });

  it("drives probes after heal where nobody can be spared", () => {
    const { faulted, probes } = planWorkload({ ...options, spares: false });
    expect(faulted.some(({ group }) => group === "control")).toBe(false);
    expect(probes.map(({ group }) => group)).toEqual(["probe", "probe"]);
    expect(planWorkload(options).probes).toEqual([]);
  });

  it("gives every transaction of a run an ordinal of its own", () => {
    const { baseline, faulted, probes } = planWorkload({ ...options, spares: false });
    const ordinals = [...baseline, ...faulted, ...probes].map(({ ordinal }) => ordinal);
    expect(new Set(ordinals).size).toBe(ordinals.length);
  });
});
