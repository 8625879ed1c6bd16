// What the YAML parser would take hours for in a hostile file: equal keys of one mapping, and aliases without end.
import { type Document, isScalar, type Node, visit } from "yaml";

/** More aliases than this are taken for a "billion laughs" file: resolving one looks through the whole document. */
export const MAX_ALIASES = 100;

/** Offsets of keys that stand in their mapping for the second time, in order. The parser's own check is quadratic. */
export function duplicateKeys(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        const value = isScalar(key) ? key.value : key;
        if (seen.has(value)) offsets.push((key as Node | null)?.range?.[0] ?? map.range?.[0] ?? 0);
        seen.add(value);
      }
    },
  });
  return offsets;
}

/** Offset of the first alias when there are too many, without resolving any. */
export function tooManyAliases(document: Document): number | undefined {
  let count = 0;
  let first: number | undefined;
  visit(document, {
    Alias(_, alias) {
      first ??= alias.range?.[0] ?? 0;
      count += 1;
      return count > MAX_ALIASES ? visit.BREAK : undefined;
    },
  });
  return count > MAX_ALIASES ? first : undefined;
}
