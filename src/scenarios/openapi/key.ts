// Which part of a request is the caller's reference, the name by which the harness knows a transaction.
import type { Check } from "./checker.ts";
import type { OpenApiDocument } from "./document.ts";
import { asMap, asText, plainName } from "./json.ts";
import type { Operation } from "./operations.ts";
import { names } from "./runtime-expression.ts";
import type { Field } from "./shape.ts";
import { replaceAt } from "./tree.ts";

/** A key as the runner makes them, in the longer of its two shapes. */
export const SAMPLE_KEY = "ORD-a1b2-B001";
const SAMPLE_KEYS = [SAMPLE_KEY, "ORD-a1b2-001"];

/** From the surest to the most doubtful. */
const REFERENCES = [
  /^((client|merchant|external|partner|customer|caller|your|my|sender|source|end2end|endtoend)(reference|ref|referenceid|transactionid|requestid|orderid|id)|externalid|referenceid|reference|ref|correlationid|requestid)$/,
  /reference|externalid|correlation/,
  /(number|no|num)$/,
  /(id|key|ref|code)$/,
];
/** Name people and things that several transactions share. */
const SHARED =
  /account|card|phone|tax|social|iban|routing|bank|customer|patient|member|merchant|provider|payer|postal|zip|country|currency|product|plan|policy|location|user/;

export interface FoundKey {
  expression: string;
  place: { kind: "body"; path: string[] } | { kind: "header"; name: string };
}

/** `fits`: the request's schema over `sample`, a body that fits. Undefined: nothing can name a transaction. */
export function findKey(
  fields: readonly Field[],
  { sample, fits, header }: { sample: unknown; fits: Check; header: string | undefined },
): FoundKey | undefined {
  const rank = ({ path, isRequired }: Field) => {
    const name = plainName(path.at(-1) ?? "");
    const place = REFERENCES.findIndex((pattern) => pattern.test(name));
    if (place === -1 || (place > 0 && SHARED.test(name))) return Number.POSITIVE_INFINITY;
    return place + (isRequired ? 0 : 1.5) + path.length / 10;
  };
  const ranked = fields
    .filter(({ shape }) => shape.types.includes("string") && shape.values.length === 0)
    .map((field) => ({ field, points: rank(field) }))
    .filter(({ points }) => Number.isFinite(points))
    .toSorted((a, b) => a.points - b.points);
  const found = ranked.find(({ field }) =>
    SAMPLE_KEYS.every((key) => fits(replaceAt(sample, field.path, key)) === undefined),
  );
  if (found) {
    const { path } = found.field;
    return { expression: names("body", path), place: { kind: "body", path } };
  }
  return header === undefined ? undefined : headerKey(header);
}

export function headerKey(name: string): FoundKey {
  return { expression: names("headers", [name]), place: { kind: "header", name } };
}

/** Where an expression such as `body.reference` points, for a sample request; undefined for anything cleverer. */
export function placeOfKey(expression: string): FoundKey["place"] | undefined {
  const [root, ...path] = expression.split(".").map((part) => part.replaceAll("`", ""));
  if (root === "body" && path.length > 0 && /^[\w.]+$/.test(expression)) return { kind: "body", path };
  return root === "headers" && path[0] !== undefined ? { kind: "header", name: path.join(".") } : undefined;
}

/** The header parameter that carries an idempotency key, in lower case. */
export function idempotencyHeader(
  document: OpenApiDocument,
  { parameters }: Operation,
): { header: string; isRequired: boolean } | undefined {
  const found = parameters
    .map((parameter) => asMap(document.resolve(parameter)))
    .find(({ in: place, name }) => place === "header" && /idempoten/i.test(String(name)));
  const header = asText(found?.name)?.toLowerCase();
  return header === undefined ? undefined : { header, isRequired: found?.required === true };
}
