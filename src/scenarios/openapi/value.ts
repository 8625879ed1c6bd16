// A value that fits a schema: from an example where the document has one, otherwise made from names, formats and bounds.
import { chooseInteger } from "../../lib/choice.ts";
import { asList, asMap, type Json } from "./json.ts";
import { literal } from "./literal.ts";
import { textFor } from "./pattern.ts";
import { realistic } from "./realistic.ts";
import { type Field, type Shape, type ShapeOptions, shapeOf } from "./shape.ts";
import { findLeaf, replaceAt } from "./tree.ts";

/** Left out of the object that it would stand in. */
export const OMIT = Symbol("omit");

export interface ValueOptions {
  schema: Json;
  example?: unknown;
  united?: boolean;
  /** Leaves out every optional property that means nothing: some value of theirs could not be made. */
  bare?: boolean;
  /** What a property must be because of what it means: a template, a value, OMIT, or undefined for no opinion. */
  tie(field: Field): unknown;
}

/** Optional properties are made up to this depth where there is no example. */
const DEEP = 3;

export function valueFor({ schema, example, united = false, bare = false, tie }: ValueOptions): unknown {
  const options: ShapeOptions = { root: schema, united };
  return make(schema, example, [], []);

  function make(part: unknown, given: unknown, path: string[], seen: readonly string[]): unknown {
    const shape = shapeOf(part, options);
    const examples = asList(shape.keywords.examples);
    const sample = given ?? examples[0];
    if (isObject(shape)) return object(shape, sample, path, [...seen, ...shape.via]);
    if (sample !== undefined) return literal(sample);
    if (shape.values.length > 0) return literal(shape.values[0]);
    if (shape.keywords.default !== undefined) return literal(shape.keywords.default);
    if (shape.types.includes("array")) return list(shape, path, [...seen, ...shape.via]);
    return scalar(shape, path);
  }

  function object(shape: Shape, sample: unknown, path: string[], seen: readonly string[]): Json {
    const given = asMap(sample);
    const hasExample = sample !== undefined;
    const made: Json = {};
    for (const name of new Set([
      ...Object.keys(shape.properties),
      ...Object.keys(given),
      ...shape.required,
    ])) {
      const part = shape.properties[name];
      const inner = shapeOf(part, options);
      const isRequired = shape.required.includes(name);
      const tied = tie({ path: [...path, name], shape: inner, isRequired });
      if (tied === OMIT && !isRequired) continue;
      const isCircle = inner.via.some((reference) => seen.includes(reference));
      const isWanted =
        isRequired || (!bare && (hasExample ? Object.hasOwn(given, name) : path.length < DEEP && !isCircle));
      if (tied !== undefined && tied !== OMIT) made[name] = tied;
      else if (isWanted && isCircle && inner.isNullable) made[name] = null;
      else if (isWanted && !(isCircle && seen.length > 20))
        made[name] = make(part, given[name], [...path, name], seen);
    }
    return made;
  }

  function list({ keywords }: Shape, path: string[], seen: readonly string[]): unknown[] {
    const least = Number(keywords.minItems ?? 0);
    const first = asList(keywords.prefixItems);
    const isCircle = shapeOf(keywords.items, options).via.some((reference) => seen.includes(reference));
    if (keywords.items === undefined && least === 0 && first.length === 0) return [];
    const size = Math.min(isCircle ? least : Math.max(least, first.length, 1), MOST_ITEMS);
    const items = Array.from({ length: size }, (_, i) =>
      make(i < first.length ? first[i] : keywords.items, undefined, [...path, String(i)], seen),
    );
    return keywords.uniqueItems === true ? distinct(items, shapeOf(keywords.items, options)) : items;
  }
}

const MOST_ITEMS = 20;

/** No two alike, as far as that can be had by counting. */
function distinct(items: readonly unknown[], { values, keywords }: Shape): unknown[] {
  if (values.length > 0) return values.slice(0, items.length).map(literal);
  return items.map((item, i) => (i === 0 ? item : other(item, i + 1, keywords)));
}

function other(value: unknown, number: number, { format, pattern, multipleOf }: Json): unknown {
  if (typeof value === "number") return value + (number - 1) * Number(multipleOf ?? 1);
  if (typeof value === "string") {
    // What comes from a generator or a pattern is another one every time.
    if (value.includes("{{") || pattern !== undefined) return value;
    return format === "email" ? `${number}${value}` : `${value.replace(/-1$/, "")}-${number}`;
  }
  const path = findLeaf(value, (leaf) => typeof leaf === "string" || typeof leaf === "number");
  if (path === undefined) return value;
  const leaf = path.reduce<unknown>((inner, step) => Reflect.get(inner as object, step), value);
  return replaceAt(value, path, other(leaf, number, {}));
}

function isObject({ types, properties }: Shape): boolean {
  return types.includes("object") || (types.length === 0 && Object.keys(properties).length > 0);
}

function scalar(shape: Shape, path: readonly string[]): unknown {
  const type = shape.types[0] ?? (shape.isNullable ? "null" : "string");
  switch (type) {
    case "boolean":
      return true;
    case "null":
      return null;
    case "integer":
    case "number":
      return numberFor(shape.keywords, type === "integer");
    default:
      return textOf(shape.keywords, path);
  }
}

function numberFor(keywords: Json, isInteger: boolean): number {
  const step = Number(keywords.multipleOf ?? (isInteger ? 1 : 0.01));
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = keywords;
  const low = Math.max(Number(minimum ?? -Infinity), Number(exclusiveMinimum ?? -Infinity));
  const high = Math.min(Number(maximum ?? Infinity), Number(exclusiveMaximum ?? Infinity));
  const wanted = Number.isFinite(low) ? Math.max(low, Math.min(100, high)) : Math.min(100, high);
  const near = Number((Math.round(wanted / step) * step).toFixed(10));
  const fits = (value: number) =>
    value >= Number(minimum ?? -Infinity) &&
    value > Number(exclusiveMinimum ?? -Infinity) &&
    value <= Number(maximum ?? Infinity) &&
    value < Number(exclusiveMaximum ?? Infinity);
  const around = [near, near + step, near - step, (low + high) / 2].map((value) => Number(value.toFixed(10)));
  return around.find(fits) ?? near;
}

const BY_FORMAT: Record<string, string> = {
  "date-time": "2026-01-15T09:30:00Z",
  date: "2026-01-15",
  time: "09:30:00Z",
  duration: "P1D",
  email: "ada@example.com",
  uuid: "{{ $faker('string.uuid') }}",
  uri: "https://example.com/items/1",
  url: "https://example.com/items/1",
  "uri-reference": "/items/1",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  byte: "bmV2ZXJmYWlscw==",
  regex: "^a$",
  "json-pointer": "/items",
};

function textOf({ format, pattern, minLength, maxLength }: Json, path: readonly string[]): string {
  const byFormat = BY_FORMAT[String(format)];
  if (byFormat !== undefined) return byFormat;
  const name = path.findLast((step) => !/^\d+$/.test(step)) ?? "value";
  let picks = 0;
  const pick = (below: number) => chooseInteger("openapi", path.join("."), picks++) % below;
  const { text, shortest, longest } = realistic(name);
  if (typeof pattern === "string" && !text.includes("{{") && new RegExp(pattern, "u").test(text)) return text;
  const byPattern = typeof pattern === "string" ? textFor(pattern, pick) : undefined;
  if (byPattern !== undefined) return String(literal(byPattern));
  const least = Number(minLength ?? 0);
  const most = Number(maxLength ?? Infinity);
  if (longest <= most && shortest >= least) return text;
  const long = `${name}${"-x".repeat(500)}`.slice(0, Math.min(Math.max(least, name.length), most, 1_000));
  return String(literal(long));
}
