// Holds values against a standalone schema.
import type { Json } from "./json.ts";

/** Such as an allOf that holds itself: following it never ends. */
export const ENDLESS = "the schema refers to itself for one and the same value, without end";

/** What is wrong with a value, in a few words; undefined when it fits. */
export type Check = (value: unknown) => string | undefined;

export async function createChecker(schema: Json): Promise<Check> {
  const options = { strict: false, logger: false, validateSchema: false, allErrors: false } as const;
  const ajv =
    schema.$schema === undefined
      ? new (await import("ajv")).default.Ajv(options)
      : new (await import("ajv/dist/2020.js")).default.Ajv2020(options);
  (await import("ajv-formats")).default.default(ajv);
  try {
    const validate = ajv.compile(schema);
    return (value) => {
      try {
        if (validate(value)) return undefined;
      } catch (cause) {
        if (cause instanceof RangeError) return ENDLESS;
        throw cause;
      }
      const first = validate.errors?.[0];
      return `${first?.instancePath || "/"} ${first?.message ?? "does not fit"}`;
    };
  } catch (cause) {
    // The loader refuses such a schema, at its place; here nothing fits it.
    const why = cause instanceof Error ? cause.message : String(cause);
    return () => `nothing fits a schema that cannot be used: ${why}`;
  }
}
