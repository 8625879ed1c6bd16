// What the control shows: submissions, armed faults, callbacks, pages of the history. The schemas are its OpenAPI document.
import * as z from "zod";

const stateSchema = z.enum(["accepted", "processing", "settled", "rejected", "lost"]);
const timeSchema = z.string().meta({ description: "ISO 8601", format: "date-time" });

export const submissionSchema = z.object({
  id: z.string(),
  key: z.string().meta({ description: "The caller's reference: names the transaction" }),
  ordinal: z.int().meta({ description: "1-based position of its transaction" }),
  state: stateSchema,
  outcome: z.string().nullable().meta({ description: "Null until it is decided" }),
  reason: z.string().nullable().meta({ description: "Why it was rejected" }),
  acceptedAt: timeSchema,
  decidedAt: timeSchema.nullable(),
  body: z.unknown().meta({ description: "What was submitted" }),
});
export type SubmissionView = z.output<typeof submissionSchema>;

export const armedFaultSchema = z.object({
  id: z.string(),
  use: z
    .looseObject({ fault: z.string() })
    .meta({ description: "The entry as a scenario lists it: it can be added again as it is" }),
  since: timeSchema,
  until: timeSchema.optional().meta({ description: "When its time to live is over" }),
  inForce: z.boolean().meta({ description: "False outside of its window" }),
  fired: z.int().meta({ description: "How often it shaped something that could be met" }),
});
export type ArmedFaultView = z.output<typeof armedFaultSchema>;

export const callbackSchema = z.object({
  delivery: z.string().nullable().meta({ description: "Null: the partner never reports this result" }),
  submission: z.string(),
  key: z.string(),
  event: z.string().nullable().meta({ description: "The id that the receiver sees" }),
  state: z.enum(["due", "sent", "acknowledged", "failed", "withheld"]).meta({
    description: "failed: the last try was, another may follow; withheld: it will not be sent (again)",
  }),
  dueAt: timeSchema.nullable(),
  attempts: z.int(),
  status: z.int().nullable().meta({ description: "HTTP status of the last answer" }),
  reason: z.string().nullable().meta({ description: "Why there was no answer, or nothing is sent" }),
  outcome: z.string().nullable().meta({ description: "The outcome that the last try stated" }),
  url: z.string().nullable(),
});
export type CallbackView = z.output<typeof callbackSchema>;

export const eventSchema = z.looseObject({
  seq: z.int(),
  t: z.number().meta({ description: "Milliseconds since the partner's start" }),
  phase: z.string(),
  source: z.string(),
  kind: z.string(),
  key: z.string().optional(),
});

export const historyPageSchema = z.object({
  events: z.array(eventSchema),
  next: z.int().meta({ description: "Ask again with after=next" }),
  oldest: z.int().nullable().meta({ description: "The oldest event that is still held" }),
  missed: z.boolean().meta({ description: "Events between `after` and this page are not held any more" }),
});

export const partnerSchema = z.object({
  name: z.string(),
  url: z.string(),
  port: z.int(),
  submit: z.string(),
  status: z.string().nullable(),
  callback: z.string().nullable(),
  outcomes: z.array(z.string()),
  quiet: z
    .boolean()
    .meta({ description: "Nothing is in process, no callback is due, no request is held open" }),
});
export type PartnerView = z.output<typeof partnerSchema>;

export const submissionFilterSchema = z.strictObject({
  key: z.string().optional(),
  state: stateSchema.optional(),
  after: z.string().optional().meta({ description: "Only those that were accepted after this id" }),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export type SubmissionFilter = z.input<typeof submissionFilterSchema>;

export const callbackFilterSchema = z.strictObject({
  key: z.string().optional(),
  submission: z.string().optional(),
  state: callbackSchema.shape.state.optional(),
});
export type CallbackFilter = z.input<typeof callbackFilterSchema>;

export const historyFilterSchema = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).meta({ description: "Only later events" }),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  kind: z.string().optional(),
  key: z.string().optional(),
});
export type HistoryFilter = { after?: number; limit?: number; kind?: string; key?: string };

export const settlementSchema = z.strictObject({
  outcome: z.string().min(1).meta({ description: "One of the contract's outcomes, or `rejected`" }),
  reason: z.string().min(1).optional().meta({ description: "For `rejected`: why" }),
});
export type Settlement = z.output<typeof settlementSchema>;
