// A JSON value as a set of fields with paths, and changes to one of them that leave the rest alone.

/** Names from the root; an element of an array by its index. */
type Path = readonly string[];

export interface Field {
  path: Path;
  value: unknown;
  /** An element of an array: it has no name of its own. */
  isItem?: true;
}

/**
 * Every property at any depth, containers before their content; of an array its first element stands for all. An
 * element that is an object or an array is none by itself, what is in it is.
 */
export function fieldsOf(value: unknown, above: Path = []): Field[] {
  if (!isContainer(value)) return [];
  const entries = Array.isArray(value) ? Object.entries(value).slice(0, 1) : Object.entries(value);
  return entries.flatMap(([name, child]) => {
    const path = [...above, name];
    const inner = fieldsOf(child, path);
    if (!Array.isArray(value)) return [{ path, value: child }, ...inner];
    return isContainer(child) ? inner : [{ path, value: child, isItem: true }];
  });
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export function formatPath(path: Path): string {
  return path.join(".");
}

/** Undefined when nothing is there. */
export function readPath(document: unknown, path: Path): unknown {
  let value = document;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** One property as [name, value]; an empty list removes it. */
type Change = (name: string, value: unknown) => [string, unknown][];

/** A copy in which the property at `path` became what `change` returns; its place among its neighbours is kept. */
export function changeField(document: unknown, path: Path, change: Change): unknown {
  const [name, ...rest] = path;
  if (name === undefined || typeof document !== "object" || document === null) return document;
  const become: Change = rest.length > 0 ? (key, value) => [[key, changeField(value, rest, change)]] : change;
  if (Array.isArray(document)) {
    return document.flatMap((item, i) =>
      String(i) === name ? become(name, item).map(([, value]) => value) : [item],
    );
  }
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, value]) => (key === name ? become(key, value) : [[key, value]])),
  );
}
