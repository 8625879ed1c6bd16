// The contract: what the partner promises, as partner.yaml says it and as everything else reads it.
import * as z from "zod";
import { delaySchema } from "../../lib/delay.ts";
import { durationSchema } from "../../lib/duration.ts";
import { type Auth, authSchema } from "./auth.ts";
import { SUBMIT_REPLY } from "./defaults.ts";
import { outcomesSchema } from "./outcomes.ts";
import { longestProcess, stagesSchema } from "./stages.ts";

const pathSchema = z
  .string()
  .regex(/^\/[^\s?#]*$/, "expected a path that begins with / and holds no query, such as /v1/claims")
  .meta({ description: "A path; `:name` stands for one segment" });

/** A JSON value whose texts may hold `{{ }}`. */
const templateSchema = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()), z.string()]);
const headersSchema = z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, "is no header name"), z.string());

/** A path that the loader replaces by what the file holds, or a JSON Schema itself (draft-07, or 2020-12 by `$schema`). */
const jsonSchemaSchema = z
  .union([z.string().min(1), z.record(z.string(), z.unknown()), z.boolean()])
  .meta({ description: "A JSON Schema: the path of a file, or inline" });

const replySchema = (status: number) =>
  z.strictObject({
    status: z.int().min(200).max(299).default(status),
    headers: headersSchema.optional(),
    json: templateSchema,
  });

const submitSchema = z.strictObject({
  post: pathSchema,
  schema: jsonSchemaSchema.optional(),
  key: z.string().min(1).meta({
    description:
      "Expression over body, headers and params: the caller's reference, which names the transaction",
  }),
  idempotency: z
    .union([
      z.literal("none"),
      z.strictObject({
        header: z.string().regex(/^[\w-]+$/, "is no header name"),
        required: z.boolean().optional().meta({ description: "Default true: a request without it gets 400" }),
      }),
    ])
    .default("none"),
  ids: z
    .string()
    .regex(/^[\w.~-]*$/, "expected uuid, number, or the letters that every id begins with, such as pay_")
    .optional()
    .meta({ description: "`uuid`, `number`, or what every id begins with. Default: sub_" }),
  reply: replySchema(202).prefault(SUBMIT_REPLY),
});

const processSchema = z.strictObject({
  takes: delaySchema.prefault("100ms..400ms"),
  outcomes: outcomesSchema,
  promises: durationSchema.prefault("2s").meta({
    description: "The time within which a result is reported: a duration such as 2s",
  }),
});

const callbackSchema = z.strictObject({
  to: z
    .string()
    .min(1)
    .meta({ description: "Where to: an expression (body.callbackUrl), or a URL, with {{ }} or without" }),
  json: templateSchema,
  headers: headersSchema.optional(),
  schema: jsonSchemaSchema.optional(),
  sign: z
    .strictObject({
      scheme: z.enum(["standard-webhooks", "github", "stripe", "none"]).default("standard-webhooks"),
      secret: z.string().min(1).optional().meta({ description: "Default: generated for each partner" }),
      nextSecret: z
        .string()
        .min(1)
        .optional()
        .meta({ description: "What `credentials.rotated` changes to; default: derived from the secret" }),
    })
    .prefault({}),
  timeout: durationSchema.prefault("5s"),
  retry: z
    .array(durationSchema)
    .prefault(["1s", "5s", "30s"])
    .meta({ description: "Waits after a failed delivery; [] = never again" }),
});

const partsSchema = z.strictObject({
  name: z.string().min(1),
  port: z.int().min(1).max(65_535).optional().meta({ description: "Default: any free port" }),
  tls: z.boolean().optional().meta({
    description: "True: https, with a certificate of an authority that the system has to be told of",
  }),
  auth: authSchema.optional(),
  submit: submitSchema,
  process: processSchema,
  stages: stagesSchema({
    json: templateSchema,
    headers: headersSchema,
    schema: jsonSchemaSchema,
  }).optional(),
  status: z
    .strictObject({
      get: pathSchema.regex(/\/:id(\/|$)/, "needs :id, such as /v1/claims/:id"),
      reply: replySchema(200),
    })
    .optional(),
  callback: callbackSchema.optional(),
});

export const contractSchema = partsSchema
  .refine(({ auth, submit }) => tokenPathOf(auth) !== submit.post, {
    path: ["auth", "oauth2", "tokenPath"],
    error: "is the path where work is submitted; tokens need one of their own",
  })
  .refine(({ process, stages }) => process.promises >= longestProcess(process.takes, stages), {
    path: ["process", "promises"],
    error: "must be at least as long as `takes` lasts: an honest partner keeps its promise",
    // Beside mistakes elsewhere, so that all are told at once.
    when: ({ value, issues }) =>
      typeof value === "object" &&
      value !== null &&
      "process" in value &&
      !issues.some(({ path }) => path?.[0] === "process" || path?.[0] === "stages"),
  });

function tokenPathOf(auth: Auth | undefined): string | undefined {
  return auth && "oauth2" in auth ? auth.oauth2.tokenPath : undefined;
}

/** Parsed: durations in milliseconds, outcomes as [name, weight], `schema` as the loader left it. */
export type Contract = z.output<typeof contractSchema>;
