// The text of an alert as people read it, flattened and bounded, so that transactions can be found in it.

/** Longer texts are cut: a history is no place for whole documents. UTF-16 units. */
const MAX_TEXT = 8_192;
/** Deeper nesting is no text for people. */
const MAX_DEPTH = 40;

export interface FlattenOptions {
  /** Fields whose values are for machines. */
  skip?: ReadonlySet<string>;
  /** True: `name: value` for fields, because their names say something. */
  labels?: boolean;
}

/** Every text, number and boolean in a JSON value, one a line, in document order. */
export function flattenText(value: unknown, options: FlattenOptions = {}): string {
  const lines: string[] = [];
  collect(value, options, lines, 0, "");
  return lines.join("\n");
}

function collect(
  value: unknown,
  options: FlattenOptions,
  lines: string[],
  depth: number,
  label: string,
): void {
  if (depth > MAX_DEPTH || value === null || value === undefined) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, options, lines, depth + 1, label);
    return;
  }
  if (typeof value === "object") {
    for (const [name, field] of Object.entries(value)) {
      if (options.skip?.has(name)) continue;
      collect(field, options, lines, depth + 1, options.labels ? `${name}: ` : "");
    }
    return;
  }
  const text = `${label}${String(value)}`.trim();
  if (text !== "") lines.push(text);
}

/**
 * At most 8,192 characters. Names that only the cut part holds are kept behind the cut, so that an alert which lists
 * five hundred transactions still names each of them.
 */
export function boundText(text: string, namesIn: (text: string) => readonly string[] = () => []): string {
  if (text.length <= MAX_TEXT) return text;
  const kept = text.slice(0, MAX_TEXT).replace(/[\uD800-\uDBFF]$/, "");
  const still = new Set(namesIn(kept));
  const lost = namesIn(text).filter((name) => !still.has(name));
  return lost.length === 0 ? `${kept}…` : `${kept}… ${lost.join(" ")}`;
}
