// Keyed choices: every random decision is a hash of what it is about, never a draw from a shared stream.

/** A number in [0, 1) that depends on the parts only. Parts are joined unambiguously; 53 bits. */
export function choose(...parts: ReadonlyArray<string | number>): number {
  let text = "";
  for (const part of parts) {
    const written = String(part);
    text += `${text === "" ? "" : "|"}${typeof part === "number" ? "n" : "s"}${written.length}:${written}`;
  }
  // Two 32-bit multiply-xorshift lanes with different constants (the finaliser of MurmurHash3), enough for dice.
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = mix(high ^ (low >>> 15));
  low = mix(low ^ (high >>> 13));
  return ((high >>> 0) * 0x200000 + ((low >>> 0) >>> 11)) / 0x20000000000000;
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** An unsigned 32-bit integer from the same hash: a seed for faker and the like. */
export function chooseInteger(...parts: ReadonlyArray<string | number>): number {
  return Math.floor(choose(...parts) * 0x100000000);
}

/** Short lower-case text (base 36) from the same hash: part of ids and keys. */
export function chooseTag(length: number, ...parts: ReadonlyArray<string | number>): string {
  let tag = "";
  for (let i = 0; tag.length < length; i++) {
    tag += chooseInteger(...parts, i)
      .toString(36)
      .padStart(7, "0")
      .slice(1);
  }
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
