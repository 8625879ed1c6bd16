// neverfails.yaml as users write it (docs: formats). What the words mean together is checked in load/.
import * as z from "zod";
import { durationSchema } from "../lib/duration.ts";
import { callSchema, callShape, checkCall } from "./call-schema.ts";
import { oneOrMore } from "./units.ts";

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const expression = z.string().min(1).meta({ description: "An expression (JSONata), without {{ }}" });
const SIGNALS = ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2"] as const;

const systemSchema = z.strictObject({
  command: z
    .union([z.string().min(1).max(10_000), z.array(text).min(1)])
    .optional()
    .meta({
      description: "Starts one instance; no shell: split at spaces, quotes respected, or a list of words",
    }),
  cwd: z.string().optional(),
  url: z.string().min(1).optional().meta({ description: "Base URL; may use {{ system.port }}" }),
  env: z.record(z.string().regex(/^[^=\0]+$/, "a variable's name has no ="), text).optional(),
  ready: z
    .strictObject({
      get: z.string().regex(/^\//, "expected a path that begins with /").default("/"),
      within: durationSchema.prefault("10s"),
    })
    .prefault({}),
  stop: z
    .strictObject({ signal: z.enum(SIGNALS).default("SIGTERM"), within: durationSchema.prefault("5s") })
    .prefault({}),
  isolation: z.enum(["scenario", "suite"]).optional(),
});

const inspectSchema = z
  .strictObject({
    ...callShape,
    state: expression,
    effects: expression.optional(),
    means: z
      .record(z.string(), z.string())
      .refine((means) => Object.keys(means).length > 0, { error: "says no state at all" })
      .meta({ description: "Every state of the system → pending, attention, or an outcome of the partner" }),
    expectedEffects: z.record(z.string(), z.number().int().nonnegative()).optional(),
  })
  .superRefine(checkCall);

const workflowSchema = z.strictObject({
  noun: z.string().min(1).default("transaction"),
  start: z.strictObject({ ...callShape, id: expression.optional() }).superRefine(checkCall),
  inspect: inspectSchema.optional(),
  replay: callSchema.optional(),
  tolerates: durationSchema.optional(),
  value: expression.optional(),
  fallback: z.string().min(1).optional(),
});

const channelSchema = z.strictObject({
  kind: z.enum(["slack", "pagerduty", "webhook", "email"]),
  owner: z.string().min(1).optional(),
  for: oneOrMore(z.string()).default([]),
  mapping: z
    .strictObject({
      resolved: expression.optional(),
      dedup: expression.optional(),
      severity: expression.optional(),
      text: expression.optional(),
    })
    .optional()
    .meta({
      description:
        "kinds webhook and email: where the fields stand in the body, or in the mail, that the system sends",
    }),
});

const signalSchema = z
  .strictObject({
    get: callShape.get.unwrap(),
    headers: callShape.headers,
    value: expression.optional(),
    metric: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Prometheus selector: claims_stuck{queue="a"}' }),
    healthy: expression.optional(),
  })
  .refine(({ value, metric }) => (value === undefined) !== (metric === undefined), {
    error: "needs exactly one of `value` (an expression) and `metric` (a Prometheus selector)",
  });

const stream = z.enum(["stdout", "stderr"]);
const port = z.number().int().min(1).max(65_535);

export const configSchema = z.strictObject({
  name: z.string().min(1).optional(),
  system: systemSchema,
  partner: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .meta({ description: "Path of the contract, or the contract itself" }),
  workflow: workflowSchema,
  alerts: z
    .object({ canary: callSchema.optional() })
    .catchall(channelSchema)
    .default({})
    .meta({ description: "Channel name → channel; `canary` is the call that sends a test alert" }),
  signals: z.record(z.string(), signalSchema).default({}),
  logs: z
    .strictObject({ from: z.union([z.literal("none").transform(() => []), oneOrMore(stream)]) })
    .optional(),
  scenarios: oneOrMore(z.string().min(1))
    .optional()
    .meta({ description: "Folders or files; `shipped` is the catalogue of the package" }),
  claims: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({ claim: z.string().min(1), checks: z.array(z.string()).min(1) }),
      ]),
    )
    .default([])
    .meta({ description: "Sentences to be refuted, such as: never loses a claim" }),
  ports: z
    .strictObject({ partner: port.optional(), alerts: port.optional(), mail: port.optional() })
    .default({}),
});

export type ConfigInput = z.output<typeof configSchema>;
