// Numbers in base 36 for ids on the hot path: `toString(36)` goes through floating point and takes four times as long.

const PAIRS = Array.from({ length: 36 * 36 }, (_, i) => i.toString(36).padStart(2, "0"));

/** The last `2 * pairs` digits of a whole number that is not negative, with leading zeros. */
export function base36Pairs(value: number, pairs: number): string {
  let rest = value;
  let text = "";
  for (let i = 0; i < pairs; i++) {
    const next = Math.floor(rest / PAIRS.length);
    text = (PAIRS[rest - next * PAIRS.length] as string) + text;
    rest = next;
  }
  return text;
}
