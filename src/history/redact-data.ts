// Secrets hidden in values instead of in their JSON text: a number stays a number, and the words of an event stay themselves.
import type { Redact } from "../lib/redact.ts";

/** The value as JSON, with every secret in its texts hidden. Names of fields and numbers are left alone. */
export function redactedJson(value: unknown, redact: Redact): string {
  const text = JSON.stringify(value);
  // Nearly nothing holds a secret, and to look at the text once costs least.
  return redact(text) === text ? text : JSON.stringify(redactData(value, redact));
}

export function redactData(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactData(item, redact));
  if (typeof value !== "object" || value === null) return value;
  const isKept = isEvent(value) ? isVocabulary : () => false;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, isKept(name) ? child : redactData(child, redact)]),
  );
}

/** What an event is about is ours to say, however a secret may read. */
function isVocabulary(name: string): boolean {
  return name === "source" || name === "kind" || name === "phase";
}

function isEvent(value: object): boolean {
  return "seq" in value && "t" in value && "phase" in value && "kind" in value;
}
