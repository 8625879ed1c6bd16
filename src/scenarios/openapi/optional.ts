// Properties that are there only once they have a value: an object of a template as one expression that leaves them out.
import { quoted } from "./literal.ts";

/** An expression whose property is left out while it is null. */
export class Optional {
  readonly expression: string;
  constructor(expression: string) {
    this.expression = expression;
  }
}

/** Objects that hold an Optional become one whole expression; JSONata leaves out what has no value. */
export function settleOptional(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settleOptional);
  if (typeof value !== "object" || value === null || value instanceof Optional) return value;
  const isTop = Object.values(value).some((item) => item instanceof Optional);
  if (isTop) return `{{ ${toJsonata(value)} }}`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, settleOptional(item)]));
}

/** Two closing braces in a row would end the expression. */
const APART = " }";

function toJsonata(value: unknown): string {
  if (value instanceof Optional) return `${value.expression} != null ? ${value.expression}`;
  if (typeof value === "string") return textToJsonata(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toJsonata).join(", ")}]`;
  const entries = Object.entries(value).map(([key, item]) => `${quoted(key)}: ${toJsonata(item)}`);
  return `{ ${entries.join(", ")}${APART}`;
}

function textToJsonata(text: string): string {
  const parts = text.split(/\{\{((?:(?!\}\}).)*)\}\}/s);
  if (parts.length === 3 && parts[0] === "" && parts[2] === "") return `(${(parts[1] ?? "").trim()})`;
  const pieces = parts.map((part, i) =>
    i % 2 === 0 ? (part === "" ? [] : [quoted(part)]) : [`(${part.trim()})`],
  );
  return pieces.flat().join(" & ") || '""';
}
