// Reads parsed but unchecked data, where anything may be missing or of another type.
import type { Path } from "./source.ts";

/** What stands at a path; undefined when nothing does. */
export function lookup(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? Reflect.get(value, step)
        : undefined,
    data,
  );
}

/** The entries of a mapping; none of anything else. */
export function entriesOf(value: unknown): [key: string, value: unknown][] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
