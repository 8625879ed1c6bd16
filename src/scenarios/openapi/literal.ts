// Texts of a document inside templates: what looks like an expression there is none, and comes out as it is.

/** A text as JSONata writes it, without the braces that would begin or end an expression. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("{{", "{\\u007b").replaceAll("}}", "}\\u007d");
}

/** A template that renders to this very value. */
export function literal(value: unknown): unknown {
  if (typeof value === "string") return value.includes("{{") ? `{{ ${quoted(value)} }}` : value;
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, literal(item)]));
}
