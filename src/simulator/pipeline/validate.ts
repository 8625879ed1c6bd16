// Requests held against the contract's JSON Schema, compiled once.
import type { ErrorObject, ValidateFunction } from "ajv";
import type { Reply } from "../pipeline-values.ts";
import { problemReply } from "./problem-details.ts";

/** The refusal (422) of a body that breaks the schema; undefined when it is good. Texts of forms count as numbers, and as lists of one, where those are asked for. */
export type Validate = (body: unknown, isForm: boolean) => Reply | undefined;

/** `schema`: JSON Schema draft-07, or 2020-12 where `$schema` says so. Throws when it cannot be compiled. */
export async function createValidate(schema: unknown): Promise<Validate> {
  if (schema === undefined || schema === true) return () => undefined;
  const compile = await createCompiler(schema);
  const validate = compile(false);
  let validateForm: ValidateFunction | undefined;
  return (body, isForm) => {
    if (!isForm) return validate(body) ? undefined : refusal(validate.errors ?? []);
    validateForm ??= compile("array");
    return validateForm(body) ? undefined : refusal(validateForm.errors ?? []);
  };
}

/** ajv takes longer to load than the rest of the partner, so only who has a schema pays for it. */
async function createCompiler(schema: unknown): Promise<(coerceTypes: false | "array") => ValidateFunction> {
  const text = JSON.stringify(schema);
  const { Ajv } = text.includes("draft/2020-12")
    ? { Ajv: (await import("ajv/dist/2020.js")).default.Ajv2020 }
    : (await import("ajv")).default;
  const addFormats = text.includes('"format"') ? (await import("ajv-formats")).default.default : undefined;
  return (coerceTypes) => {
    // The loader has held the schema against its meta-schema already; doing it again would double the start-up time.
    const ajv = new Ajv({
      strict: false,
      logger: false,
      allErrors: false,
      validateSchema: false,
      coerceTypes,
    });
    addFormats?.(ajv);
    return ajv.compile(schema as object);
  };
}

function refusal(errors: readonly ErrorObject[]): Reply {
  const found = errors.map(({ instancePath, message = "is not valid", params }) => ({
    pointer: `#${instancePath}`,
    detail: "additionalProperty" in params ? `${message}: ${String(params.additionalProperty)}` : message,
  }));
  const first = found[0];
  const detail = first
    ? `The body is not valid: ${first.pointer} ${first.detail}.`
    : "The body is not valid.";
  return problemReply(422, detail, { errors: found });
}
