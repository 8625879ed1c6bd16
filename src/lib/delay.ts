// How long something takes: fixed, uniform (`200ms..600ms`) or lognormal. A Delay is plain data; sampling is pure.
import * as z from "zod";
import { durationSchema, parseDuration } from "./duration.ts";

export type Delay =
  | { kind: "fixed"; ms: number }
  | { kind: "uniform"; minMs: number; maxMs: number }
  | { kind: "lognormal"; medianMs: number; p99Ms: number };

/** Milliseconds for `u` in [0, 1): the quantile function of the distribution. */
export function sampleDelay(delay: Delay, u: number): number {
  switch (delay.kind) {
    case "fixed":
      return delay.ms;
    case "uniform":
      return delay.minMs + (delay.maxMs - delay.minMs) * u;
    case "lognormal": {
      const sigma = Math.log(delay.p99Ms / delay.medianMs) / Z99;
      return delay.medianMs * Math.exp(sigma * normalQuantile(u));
    }
  }
}

/** The longest wait that is to be expected (lognormal: its 99th percentile). */
export function longest(delay: Delay): number {
  switch (delay.kind) {
    case "fixed":
      return delay.ms;
    case "uniform":
      return delay.maxMs;
    case "lognormal":
      return delay.p99Ms;
  }
}

const Z99 = 2.326347874;

/** Inverse of the normal distribution function (Acklam's rational approximation, central and tail regions). */
function normalQuantile(u: number): number {
  const p = Math.min(Math.max(u, 1e-9), 1 - 1e-9);
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
  ];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  return (horner(a, q * q) * q) / horner(b, q * q);

  function tail(q: number): number {
    return horner(c, q) / horner(d, q);
  }
}

function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

const RANGE = /^(\S+?)\.\.(\S+)$/;

/** Zod: `200ms`, `200ms..600ms` or `{ lognormal: { median, p99 } }`, parsed to a Delay. */
export const delaySchema = z.union([
  z
    .string()
    .refine((text) => parseRange(text) !== undefined, {
      error: "expected a duration such as 250ms or a range such as 200ms..600ms",
    })
    .transform((text) => parseRange(text) as Delay),
  z
    .strictObject({ lognormal: z.strictObject({ median: durationSchema, p99: durationSchema }) })
    .refine(({ lognormal }) => lognormal.p99 > lognormal.median && lognormal.median > 0, {
      error: "p99 must be larger than median, and median larger than 0",
    })
    .transform(
      ({ lognormal }): Delay => ({ kind: "lognormal", medianMs: lognormal.median, p99Ms: lognormal.p99 }),
    ),
]);

function parseRange(text: string): Delay | undefined {
  const single = parseDuration(text);
  if (single !== undefined) return { kind: "fixed", ms: single };
  const match = RANGE.exec(text.trim());
  const minMs = match?.[1] === undefined ? undefined : parseDuration(match[1]);
  const maxMs = match?.[2] === undefined ? undefined : parseDuration(match[2]);
  if (minMs === undefined || maxMs === undefined || maxMs < minMs) return undefined;
  return { kind: "uniform", minMs, maxMs };
}
