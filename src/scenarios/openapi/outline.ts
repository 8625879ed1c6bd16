// What a message looks like where the document shows an example and no properties: read from the example.
import { asMap, type Json } from "./json.ts";
import { shapeOf } from "./shape.ts";

/** The schema, with the properties of the example where it names none; undefined when there is neither. */
export function outlineOf(schema: Json | undefined, example: unknown): Json | undefined {
  if (example === undefined) return schema;
  if (schema === undefined) return seen(example);
  const properties = asMap(seen(example).properties);
  const isSilent = Object.keys(shapeOf(schema, { root: schema, united: true }).properties).length === 0;
  return isSilent && Object.keys(properties).length > 0 ? { ...schema, type: "object", properties } : schema;
}

const FORMATS: readonly [format: string, pattern: RegExp][] = [
  ["date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/],
  ["date", /^\d{4}-\d\d-\d\d$/],
  ["uuid", /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i],
];

function seen(value: unknown): Json {
  switch (typeof value) {
    case "string": {
      const format = FORMATS.find(([, pattern]) => pattern.test(value))?.[0];
      return { type: "string", ...(format !== undefined && { format }), examples: [value] };
    }
    case "number":
      return { type: Number.isInteger(value) ? "integer" : "number" };
    case "boolean":
      return { type: "boolean" };
    default:
      break;
  }
  if (Array.isArray(value)) return { type: "array" };
  if (value === null || value === undefined) return {};
  const properties = Object.entries(value).map(([name, item]): [string, Json] => [name, seen(item)]);
  return { type: "object", properties: Object.fromEntries(properties) };
}
