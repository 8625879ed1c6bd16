// A schema of an OpenAPI document as a JSON Schema that stands by itself: draft-07 from 3.0, 2020-12 from 3.1.
import type { OpenApiDocument } from "./document.ts";
import { asList, asMap, asText, type Json } from "./json.ts";

/** Who writes the value: `readOnly` properties are not demanded of requests, `writeOnly` ones not of what the partner says. */
export type Direction = "request" | "response";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";
/** Says nothing about validity, or is said in another way below. */
const DROPPED = new Set([
  ..."$ref $id $schema nullable example discriminator xml externalDocs deprecated readOnly writeOnly".split(
    " ",
  ),
  ..."description summary title".split(" "),
]);
const ONE_SCHEMA = new Set(
  "additionalProperties items not if then else contains propertyNames unevaluatedProperties unevaluatedItems".split(
    " ",
  ),
);
const SCHEMA_LISTS = new Set(["allOf", "oneOf", "anyOf", "prefixItems"]);
const SCHEMA_MAPS = new Set(["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]);
/** What ajv-formats checks; other formats are only words. */
const FORMATS = new Set(
  (
    "date time date-time iso-time iso-date-time duration uri uri-reference uri-template url email hostname ipv4 ipv6 " +
    "regex uuid json-pointer relative-json-pointer byte int32 int64 float double password binary"
  ).split(" "),
);

export function standaloneSchema(document: OpenApiDocument, schema: unknown, direction: Direction): Json {
  const isOld = document.version === "3.0";
  const shelf = isOld ? "definitions" : "$defs";
  const names = new Map<string, string>();
  const waiting: string[] = [];
  // A reference at the top is kept, so that a schema that holds itself is seen to.
  const root = convert(schema);
  const defs: Json = {};
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    defs[names.get(next) ?? ""] = convert(document.resolve({ $ref: next }));
  }
  return {
    ...(!isOld && { $schema: DIALECT }),
    ...asMap(root),
    ...(Object.keys(defs).length > 0 && { [shelf]: defs }),
  };

  function convert(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const schema = asMap(value);
    const reference = asText(schema.$ref);
    if (reference !== undefined) {
      const link = { $ref: `#/${shelf}/${nameOf(reference)}` };
      // Beside a reference, 3.0 ignores everything and 3.1 nothing.
      return isOld ? link : { ...link, ...keywords(schema) };
    }
    return isOld ? withNullable(schema, withBounds(keywords(schema))) : keywords(schema);
  }

  function keywords(schema: Json): Json {
    const result: Json = {};
    for (const [key, value] of Object.entries(schema)) {
      if (DROPPED.has(key) || key.startsWith("x-")) continue;
      if (ONE_SCHEMA.has(key)) result[key] = convert(value);
      else if (SCHEMA_LISTS.has(key)) result[key] = asList(value).map(convert);
      else if (SCHEMA_MAPS.has(key)) {
        result[key] = Object.fromEntries(
          Object.entries(asMap(value)).map(([name, item]) => [name, convert(item)]),
        );
      } else if (key === "required") result.required = demanded(schema);
      else if (key === "format" && !FORMATS.has(String(value))) continue;
      else if (key === "pattern" && !isUsable(value)) continue;
      else result[key] = value;
    }
    if (schema.example !== undefined) result.examples = [schema.example];
    return result;
  }

  function demanded({ required, properties }: Json): unknown {
    const skipped = direction === "request" ? "readOnly" : "writeOnly";
    return asList(required).filter(
      (name) => asMap(document.resolve(asMap(properties)[String(name)]))[skipped] !== true,
    );
  }

  function nameOf(reference: string): string {
    const known = names.get(reference);
    if (known !== undefined) return known;
    const wanted = (reference.split("/").at(-1) ?? "").replaceAll(/[^\w.-]/g, "_") || "schema";
    const taken = new Set(names.values());
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`;
    names.set(reference, name);
    waiting.push(reference);
    return name;
  }
}

/** 3.0 writes exclusive bounds as booleans beside `minimum` and `maximum`. */
function withBounds(schema: Json): Json {
  const result = { ...schema };
  for (const [exclusive, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof result[exclusive] !== "boolean") continue;
    if (result[exclusive] && typeof result[bound] === "number") {
      result[exclusive] = result[bound];
      delete result[bound];
    } else delete result[exclusive];
  }
  return result;
}

/** 3.0's `nullable`; without a `type` the specification gives it no meaning, but everybody means the obvious. */
function withNullable({ nullable }: Json, schema: Json): Json {
  if (nullable !== true) return schema;
  if (typeof schema.type !== "string") {
    const isEmpty = ["enum", "allOf", "oneOf", "anyOf"].every((key) => schema[key] === undefined);
    return isEmpty ? schema : { anyOf: [schema, { type: "null" }] };
  }
  const values = asList(schema.enum);
  return {
    ...schema,
    type: [schema.type, "null"],
    ...(values.length > 0 && { enum: [...new Set([...values, null])] }),
  };
}

function isUsable(pattern: unknown): boolean {
  try {
    return new RegExp(String(pattern), "u") !== undefined;
  } catch {
    return false;
  }
}
