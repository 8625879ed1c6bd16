// How deep a JSON text nests, before it is parsed.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_LIST = 0x5b;
const OPENING_MAPPING = 0x7b;
const OPENING = new Set([OPENING_LIST, OPENING_MAPPING]);
const CLOSING = new Set([0x5d, 0x7d]);

/** True when lists and mappings nest deeper than `limit`. Brackets in texts do not count. */
export function nestsDeeper(json: Buffer, limit: number): boolean {
  // Nearly every body has too few brackets for that; to search for them takes a tenth of looking at each byte.
  if (countUpTo(limit + 1, json, OPENING_LIST) + countUpTo(limit + 1, json, OPENING_MAPPING) <= limit)
    return false;
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i] ?? 0;
    if (inText) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (OPENING.has(byte)) {
      depth += 1;
      if (depth > limit) return true;
    } else if (CLOSING.has(byte)) depth -= 1;
  }
  return false;
}

/** How often a byte comes, but no more than `most`. */
function countUpTo(most: number, bytes: Buffer, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at !== -1 && count < most; at = bytes.indexOf(byte, at + 1)) count += 1;
  return count;
}
