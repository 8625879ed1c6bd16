// A standalone schema read as a shape: references followed, allOf merged, one branch taken where several are allowed.
import { lookup } from "../load/lookup.ts";
import { asList, asMap, asText, type Json } from "./json.ts";
import { pointerPath } from "./pointer.ts";

export interface Shape {
  types: string[];
  isNullable: boolean;
  properties: Record<string, unknown>;
  required: string[];
  /** Allowed values, `const` among them; empty: any. */
  values: unknown[];
  /** The other keywords. */
  keywords: Json;
  /** References on the way here: a schema that meets one of its own is a circle. */
  via: string[];
}

export interface ShapeOptions {
  /** The whole schema, for references. */
  root: Json;
  /** Of `oneOf` and `anyOf` all branches at once: for a result whose branches differ in what they report. */
  united: boolean;
}

const DEEPEST = 30;

export function shapeOf(schema: unknown, options: ShapeOptions, depth = 0): Shape {
  const given = asMap(schema);
  const {
    $ref,
    allOf,
    oneOf,
    anyOf,
    properties,
    required,
    type,
    enum: values,
    const: only,
    ...keywords
  } = given;
  let shape: Shape = {
    types: (Array.isArray(type) ? type : type === undefined ? [] : [type])
      .map(String)
      .filter((one) => one !== "null"),
    isNullable: type === "null" || (Array.isArray(type) && type.includes("null")),
    properties: asMap(properties),
    required: asList(required).map(String),
    values: only === undefined ? [...asList(values)] : [only],
    keywords,
    via: [],
  };
  if (depth > DEEPEST) return shape;
  const reference = asText($ref);
  if (reference !== undefined) {
    const target = shapeOf(lookup(options.root, pointerPath(reference.slice(1))), options, depth + 1);
    shape = both(shape, { ...target, via: [reference, ...target.via] });
  }
  for (const part of asList(allOf)) shape = both(shape, shapeOf(part, options, depth + 1));
  for (const list of [oneOf, anyOf]) {
    const all = asList(list).map((branch) => shapeOf(branch, options, depth + 1));
    if (all.length === 0) continue;
    const branches = all.filter(
      ({ types, isNullable, values }) => types.length > 0 || !isNullable || values.length > 0,
    );
    const isNullable = shape.isNullable || branches.length < all.length;
    const [first] = branches;
    const areValues = branches.every((branch) => branch.values.length > 0 && branch.types[0] !== "object");
    const branch = options.united || areValues ? branches.reduce(either) : first;
    if (branch) shape = { ...both(shape, branch), isNullable };
  }
  return shape;
}

/** Every property that stands in one of the two, with what both say. */
function both(a: Shape, b: Shape): Shape {
  const shared = a.values.filter((value) => b.values.includes(value));
  return {
    types: b.types.length > 0 ? b.types : a.types,
    isNullable: a.isNullable || b.isNullable,
    properties: { ...a.properties, ...withEarlier(a.properties, b.properties) },
    required: [...new Set([...a.required, ...b.required])],
    values: a.values.length > 0 && b.values.length > 0 ? shared : [...a.values, ...b.values],
    keywords: { ...a.keywords, ...b.keywords },
    via: [...a.via, ...b.via],
  };
}

function withEarlier(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(after).map(([name, schema]) =>
      Object.hasOwn(before, name) ? [name, { allOf: [before[name], schema] }] : [name, schema],
    ),
  );
}

/** One shape for two branches: a property that each branch fixes may have any of those values. */
function either(a: Shape, b: Shape): Shape {
  const joined = both({ ...a, values: [] }, { ...b, values: [] });
  const properties = Object.entries(b.properties).map(([name, schema]): [string, unknown] => {
    const other = a.properties[name];
    return [name, other === undefined ? schema : { anyOf: [other, schema] }];
  });
  return {
    ...joined,
    properties: { ...a.properties, ...Object.fromEntries(properties) },
    values: [...a.values, ...b.values],
  };
}

export interface Field {
  /** From the top: ["data", "status"]. */
  path: string[];
  shape: Shape;
  isRequired: boolean;
}

/** What wraps the thing that a message is about. */
const WRAPPERS = /^(data|object|resource|attributes|payload|body|item|result|event|details|content)$/i;

/** The properties of a message itself: at its top, and inside what only wraps it. `resource`: the thing's own name. */
export function fieldsOf(schema: unknown, options: ShapeOptions, resource = ""): Field[] {
  return below(shapeOf(schema, options), [], true);

  function below(shape: Shape, above: string[], isRequired: boolean): Field[] {
    return Object.entries(shape.properties).flatMap(([name, property]): Field[] => {
      const path = [...above, name];
      const own = shapeOf(property, options);
      const field = { path, shape: own, isRequired: isRequired && shape.required.includes(name) };
      const isWrapper = WRAPPERS.test(name) || name.toLowerCase() === resource;
      const isObject = Object.keys(own.properties).length > 0;
      return isObject && isWrapper && above.length < 3
        ? [field, ...below(own, path, field.isRequired)]
        : [field];
    });
  }
}
