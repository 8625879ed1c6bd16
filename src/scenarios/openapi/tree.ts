// Changes and searches in JSON values.
import { asMap } from "./json.ts";

/** A copy with another value at a path; what is missing on the way is made. */
export function replaceAt(value: unknown, [step, ...rest]: readonly string[], put: unknown): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === step ? replaceAt(item, rest, put) : item));
  return { ...asMap(value), [step]: replaceAt(asMap(value)[step], rest, put) };
}

/** The path of the first value that is no container and passes; undefined when none does. */
export function findLeaf(
  value: unknown,
  passes: (value: unknown, path: string[]) => boolean,
  above: string[] = [],
): string[] | undefined {
  if (typeof value !== "object" || value === null) return passes(value, above) ? above : undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = findLeaf(item, passes, [...above, key]);
    if (found) return found;
  }
  return undefined;
}
