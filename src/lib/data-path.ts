// Paths into plain data, and reading what stands there, where anything may be missing or of another type.

/** Keys and indexes from the top: `["faults", 0, "fault"]`. */
export type Path = readonly PropertyKey[];

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

const LONGEST_SHOWN = 80;

/** `faults[0].fault`; keys that are no plain words stand in brackets: `means["in review"]`. */
export function formatPath(path: Path): string {
  return path
    .map((part, i) => {
      if (typeof part === "number") return `[${part}]`;
      const whole = String(part);
      const word = whole.length > LONGEST_SHOWN ? `${whole.slice(0, LONGEST_SHOWN)}…` : whole;
      if (!/^[\w$-]+$/.test(word)) return `[${JSON.stringify(word)}]`;
      return i === 0 ? word : `.${word}`;
    })
    .join("");
}
