// Which part of a value stands on which line of `JSON.stringify(value, null, 2)`.
import type { Path } from "../load/source.ts";

/** 1-based line → path of what begins there; closing brackets belong to what they close. */
export function lineOwners(value: unknown): Path[] {
  const owners: Path[] = [[]];
  write(value, [], owners);
  return owners;
}

function write(value: unknown, path: Path, owners: Path[]): void {
  owners.push(path);
  if (typeof value !== "object" || value === null) return;
  const entries: [PropertyKey, unknown][] = Array.isArray(value)
    ? value.map((item, i) => [i, item])
    : Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return;
  for (const [key, item] of entries) write(item, [...path, key], owners);
  owners.push(path);
}
