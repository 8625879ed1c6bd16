// Looks up what a zod schema expects at a path, for hints: which keys an object knows, which words are allowed.
import type { z } from "zod";
import type { Path } from "./data-path.ts";

type Schema = z.core.$ZodType;

/** Every schema that may stand at the path: several below a union; the fitting ones of a discriminated union. */
export function schemasAt(schema: Schema, path: Path, data: unknown): Schema[] {
  const open = unwrap(schema, data);
  const [step, ...rest] = path;
  if (step === undefined) return open;
  const below = typeof data === "object" && data !== null ? Reflect.get(data, step) : undefined;
  return open.flatMap((candidate) => {
    const next = childSchema(candidate, step);
    return next ? schemasAt(next, rest, below) : [];
  });
}

/** The keys that an object at the path may have. */
export function knownKeys(schema: Schema, path: Path, data: unknown): string[] {
  const keys = schemasAt(schema, path, data).flatMap((candidate) => Object.keys(shapeOf(candidate) ?? {}));
  return [...new Set(keys)];
}

/** Strips optional, default, refine, transform and the like, and opens unions. */
function unwrap(schema: Schema, data: unknown): Schema[] {
  const def = schema._zod.def as unknown as Record<string, unknown> & { type: string };
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "nonoptional":
    case "readonly":
    case "catch":
      return unwrap(def.innerType as Schema, data);
    case "pipe":
      return unwrap(def.in as Schema, data);
    case "lazy":
      return unwrap((def.getter as () => Schema)(), data);
    case "union": {
      const options = def.options as Schema[];
      const fitting = options.filter((option) => mayFit(option, def.discriminator, data));
      return (fitting.length > 0 ? fitting : options).flatMap((option) => unwrap(option, data));
    }
    default:
      return [schema];
  }
}

function mayFit(option: Schema, discriminator: unknown, data: unknown): boolean {
  if (typeof discriminator !== "string" || typeof data !== "object" || data === null) return true;
  const literal = shapeOf(unwrap(option, data)[0])?.[discriminator];
  const values = literal && (literal._zod.def as { values?: unknown[] }).values;
  return values?.includes(Reflect.get(data, discriminator)) ?? true;
}

function shapeOf(schema: Schema | undefined): Record<string, Schema> | undefined {
  return schema && (schema._zod.def as { shape?: Record<string, Schema> }).shape;
}

function childSchema(schema: Schema, step: PropertyKey): Schema | undefined {
  const def = schema._zod.def as unknown as Record<string, unknown> & { type: string };
  switch (def.type) {
    case "object":
      return shapeOf(schema)?.[String(step)] ?? (def.catchall as Schema | undefined);
    case "array":
      return def.element as Schema;
    case "record":
      return def.valueType as Schema;
    case "tuple":
      return (def.items as Schema[])[Number(step)];
    default:
      return undefined;
  }
}
