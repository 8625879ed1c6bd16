// What a JSON Schema says about a changed document: which keywords it breaks.
import { createRequire } from "node:module";
import type { Ajv as AjvClass, ValidateFunction } from "ajv";
import type addFormatsFunction from "ajv-formats";

/** The keywords that a document breaks; empty for a valid one. */
export type Judge = (document: unknown) => ReadonlySet<string>;

const judges = new WeakMap<object, Judge | "unusable">();

/**
 * Undefined without a schema, and with one that does not hold for the honest document either: it says nothing about
 * what a mutation breaks, so the JSON itself has to.
 */
export function judgeFor(schema: unknown, honest: unknown): Judge | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  let judge = judges.get(schema);
  if (!judge) {
    judge = compile(schema);
    judges.set(schema, judge);
  }
  return judge === "unusable" || judge(honest).size > 0 ? undefined : judge;
}

const load = createRequire(import.meta.url);

// ajv is loaded when the first payload is broken by a schema, not when the partner starts.
function compile(schema: object): Judge | "unusable" {
  const dialect = "$schema" in schema && String(schema.$schema).includes("2020-12") ? "ajv/dist/2020" : "ajv";
  const { Ajv, default: Ajv2020 } = load(dialect) as { Ajv?: typeof AjvClass; default: typeof AjvClass };
  const addFormats = load("ajv-formats") as typeof addFormatsFunction.default;
  // Lengths in UTF-16 units: counting the characters of very long texts would take the longest of all.
  const ajv = new (Ajv ?? Ajv2020)({ allErrors: true, strict: false, unicode: false, logger: false });
  addFormats(ajv);
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(schema);
  } catch {
    return "unusable";
  }
  return (document) => {
    validate(document);
    return new Set((validate.errors ?? []).map(({ keyword }) => keyword));
  };
}
