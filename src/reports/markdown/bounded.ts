// Keeps a document within a number of bytes by leaving whole blocks out, and says how many.

/** Blocks from the front while they fit into `bytes` of UTF-8; `left` counts those that did not. */
export function takeWithin(blocks: string[], bytes: number): { taken: string[]; left: number } {
  let used = 0;
  const taken: string[] = [];
  for (const block of blocks) {
    used += Buffer.byteLength(block) + 1;
    if (used > bytes) break;
    taken.push(block);
  }
  return { taken, left: blocks.length - taken.length };
}
