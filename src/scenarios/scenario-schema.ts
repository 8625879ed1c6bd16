// One file under scenarios/ as users write it (docs: formats).
import * as z from "zod";
import { DEFAULT_BOUNDS } from "../history/header.ts";
import { durationSchema } from "../lib/duration.ts";
import { faultUseSchema } from "../simulator/faults/index.ts";
import { oneOrMore, rateSchema, shareSchema } from "./units.ts";

const THROUGH = ["state", "signal", "alert", "action"] as const;

const workloadSchema = z.strictObject({
  transactions: z.number().int().min(1).max(100_000).default(12),
  rate: rateSchema.prefault("12/s"),
  control: shareSchema.prefault("25%"),
});

const expectSchema = z.strictObject({
  detects: z
    .strictObject({ within: durationSchema, through: oneOrMore(z.enum(THROUGH)).optional() })
    .optional(),
  alerts: z
    .strictObject({
      within: durationSchema,
      channel: z.string().min(1).optional(),
      severity: z.enum(["critical", "error", "warning", "info"]).optional(),
      names: z.enum(["each", "partner"]).optional(),
      atMost: z.number().int().positive().optional(),
      resolves: z.strictObject({ within: durationSchema }).optional(),
    })
    .optional(),
  recovers: z
    .strictObject({
      within: durationSchema,
      by: z.literal("operator").optional(),
      to: z.literal("attention").optional(),
    })
    .optional(),
  absorbs: z.literal(true).optional().meta({ description: "No visible harm, and nobody is woken" }),
});

const boundsSchema = z.strictObject({
  attemptsPerSecond: z.number().positive().default(DEFAULT_BOUNDS.attemptsPerSecond),
  gapShrink: shareSchema.prefault(`${DEFAULT_BOUNDS.gapShrink * 100}%`),
  givesUp: durationSchema.prefault(`${DEFAULT_BOUNDS.givesUpMs}ms`),
});

export const scenarioSchema = z.strictObject({
  title: z.string().min(1),
  asks: z.string().min(1).optional(),
  tags: z.array(z.string().min(1)).default([]),
  workload: workloadSchema.prefault({}),
  faults: z.array(faultUseSchema).default([]),
  expect: expectSchema.default({}),
  waives: z
    .record(z.string(), z.string().trim().min(1, "needs a reason"))
    .default({})
    .meta({ description: "Invariant → why it does not hold here" }),
  bounds: boundsSchema.prefault({}),
});

export type ScenarioInput = z.output<typeof scenarioSchema>;
