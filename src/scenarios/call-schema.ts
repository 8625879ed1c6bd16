// An HTTP request to the system, as the files write it: one verb with a path, and a json, form or body.
import * as z from "zod";
import type { Call } from "./types.ts";

const VERBS = ["get", "post", "put", "patch", "delete"] as const;
const CONTENTS = ["json", "form", "body"] as const;

const pathSchema = z
  .string()
  .refine((path) => path.startsWith("/") || path.startsWith("{{") || /^https?:\/\//.test(path), {
    error: "expected a path that begins with /",
  })
  .meta({ description: "A path below system.url; may hold {{ expressions }}" });

/** The keys of a call, to be spread into a strict object. */
export const callShape = {
  get: pathSchema.optional(),
  post: pathSchema.optional(),
  put: pathSchema.optional(),
  patch: pathSchema.optional(),
  delete: pathSchema.optional(),
  headers: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  json: z
    .unknown()
    .optional()
    .meta({ description: "Sent as application/json; texts may hold {{ expressions }}" }),
  form: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .meta({ description: "Sent as application/x-www-form-urlencoded" }),
  body: z.string().optional().meta({ description: "Sent as it is" }),
};

/** What callShape yields. */
export type CallInput = z.output<z.ZodObject<typeof callShape>>;

/** zod check: exactly one verb, at most one content. */
export function checkCall(call: Partial<CallInput>, context: z.RefinementCtx): void {
  const problem = (message: string) => context.addIssue({ code: "custom", message, input: call });
  const verbs = VERBS.filter((verb) => call[verb] !== undefined);
  if (verbs.length === 0) problem("says no request; write one of get, post, put, patch, delete with a path");
  if (verbs.length > 1) problem(`says several requests (${verbs.join(", ")}); keep one`);
  const contents = CONTENTS.filter((content) => call[content] !== undefined);
  if (contents.length > 1) problem(`has several contents (${contents.join(", ")}); keep one`);
}

export const callSchema = z.strictObject(callShape).superRefine(checkCall);

/** From the checked shape to the call that the runner sends. */
export function toCall(input: CallInput): Call {
  const verb = VERBS.find((candidate) => input[candidate] !== undefined) ?? "get";
  const { json, form, body } = input;
  return {
    method: verb.toUpperCase() as Call["method"],
    path: input[verb] ?? "/",
    headers: Object.fromEntries(
      Object.entries(input.headers ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    ...(json !== undefined && { json }),
    ...(form !== undefined && { form }),
    ...(body !== undefined && { body }),
  };
}
