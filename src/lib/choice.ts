// Keyed choices: every random decision is a hash of what it is about, never a draw from a shared stream.
import { base36Pairs } from "./base36.ts";

/** A number in [0, 1) that depends on the parts only. Parts are joined unambiguously; 53 bits. */
export function choose(...parts: readonly Part[]): number {
  return drawn(absorb(EMPTY, parts));
}

/** `choose(...before, …)` for what is asked again and again: `before` is hashed once. */
export function chooseAfter(...before: readonly Part[]): (...parts: readonly Part[]) => number {
  const lanes = absorb(EMPTY, before);
  return (...parts) => drawn(absorb(lanes, parts));
}

type Part = string | number;

/** Two 32-bit multiply-xorshift lanes with different constants, enough for dice. */
interface Lanes {
  high: number;
  low: number;
  /** Goes before the next part. */
  separator: "" | "|";
}

const EMPTY: Lanes = { high: 0xdeadbeef, low: 0x41c6ce57, separator: "" };

function absorb(lanes: Lanes, parts: readonly Part[]): Lanes {
  let { high, low, separator } = lanes;
  for (const part of parts) {
    const written = String(part);
    const text = `${separator}${typeof part === "number" ? "n" : "s"}${written.length}:${written}`;
    separator = "|";
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
  }
  return { high, low, separator };
}

/** The finaliser of MurmurHash3 over both lanes. */
function drawn({ high, low }: Lanes): number {
  const upper = mix(high ^ (low >>> 15));
  const lower = mix(low ^ (upper >>> 13));
  return ((upper >>> 0) * 0x200000 + ((lower >>> 0) >>> 11)) / 0x20000000000000;
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** An unsigned 32-bit integer from the same hash: a seed for faker and the like. */
export function chooseInteger(...parts: readonly Part[]): number {
  return asInteger(choose(...parts));
}

/** What `chooseInteger` makes of a number in [0, 1). */
function asInteger(u: number): number {
  return Math.floor(u * 0x100000000);
}

const TAG_DIGITS = 6;

/** Short lower-case text (base 36) from the same hash: part of ids and keys. */
export function chooseTag(length: number, ...parts: readonly Part[]): string {
  return tagFrom(length, (nth) => choose(...parts, nth));
}

/** `chooseTag` from dice of one's own: `draw` gives a number in [0, 1) for each six characters. */
export function tagFrom(length: number, draw: (nth: number) => number): string {
  let tag = "";
  for (let i = 0; tag.length < length; i++) tag += base36Pairs(asInteger(draw(i)), TAG_DIGITS / 2);
  return tag.slice(0, length);
}

/** The entry whose cumulative weight covers `u` in [0, 1); weights need not sum to 1. */
export function pickWeighted<T>(entries: ReadonlyArray<readonly [T, number]>, u: number): T {
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let rest = u * total;
  for (const [value, weight] of entries) {
    rest -= weight;
    if (rest < 0) return value;
  }
  const last = entries.at(-1);
  if (!last) throw new Error("pickWeighted needs at least one entry");
  return last[0];
}
