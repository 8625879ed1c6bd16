// Holds values against a standalone schema.
import type { Json } from "./json.ts";

/** What is wrong with a value, in a few words; undefined when it fits. */
export type Check = (value: unknown) => string | undefined;

export async function createChecker(schema: Json): Promise<Check> {
  const options = { strict: false, logger: false, validateSchema: false, allErrors: false } as const;
  const ajv =
    schema.$schema === undefined
      ? new (await import("ajv")).default.Ajv(options)
      : new (await import("ajv/dist/2020.js")).default.Ajv2020(options);
  (await import("ajv-formats")).default.default(ajv);
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return undefined;
    const first = validate.errors?.[0];
    return `${first?.instancePath || "/"} ${first?.message ?? "does not fit"}`;
  };
}
