// A report under somebody else's name: the reference is exchanged wherever the contract may take it from.
import type { Delivery } from "../pipeline-values.ts";
import type { Reportable } from "./callbacks.ts";
import type { CompiledCallback } from "./compile.ts";

/** The submission as the payload of this delivery tells of it. */
export function asNamed<Submission extends Reportable>(
  submission: Submission,
  { names }: Delivery,
): Submission {
  if (!names) return submission;
  const { key, id = submission.id } = names;
  return { ...submission, key, id, body: exchange(submission.body, submission.key, key) };
}

/** True when the contract's callback says whose result it is by the caller's reference, not by the partner's id alone. */
export function carriesReference({ paths }: CompiledCallback): boolean {
  return paths.some(
    ([root, name]) =>
      root === "body" || (name === "key" && (root === "submission" || root === "transaction")),
  );
}

/** The same JSON value with every text that is `from` replaced by `to`. */
function exchange(value: unknown, from: string, to: string): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((item) => exchange(item, from, to));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, exchange(item, from, to)]));
}
