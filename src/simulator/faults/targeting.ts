// Whom a fault hits (`on`), when (`during`) and on which attempts (`attempts`), as users write it.
import * as z from "zod";
import { durationSchema, parseDuration } from "../../lib/duration.ts";
import type { Selection, Window } from "../plan/schedule.ts";

const FIRST = /^first\s+(\d+)$/;
const EVERY = /^every\s+(\d+)(?:st|nd|rd|th)$/;
const SHARE = /^(\d+(?:\.\d+)?)\s*%$/;

/** `all`, `30%`, `first 3`, `every 4th`, `[1, 5, 7]`, `{ where: … }`; numbers count the transactions that may be faulted. */
export const selectionSchema = z
  .union([
    z
      .string()
      .refine((text) => parseSelection(text) !== undefined, {
        error:
          "expected all, a share such as 30%, first 3, every 4th, a list such as [1, 5, 7], or { where: … }",
      })
      .transform((text) => parseSelection(text) as Selection),
    z
      .array(z.int().min(1))
      .min(1)
      .transform((ordinals): Selection => ({ kind: "list", ordinals })),
    z
      .strictObject({ where: z.string().min(1) })
      .transform(({ where }): Selection => ({ kind: "where", expression: where })),
  ])
  .meta({
    description:
      "all (but the control group) | 30% | first 3 | every 4th | [1, 5, 7] | { where: start.amount > 1000 }",
  });

function parseSelection(text: string): Selection | undefined {
  const word = text.trim();
  if (word === "all") return { kind: "all" };
  const share = SHARE.exec(word);
  if (share)
    return between(
      Number(share[1]) / 100,
      (value) => value > 0 && value <= 1,
      (value) => ({ kind: "share", share: value }),
    );
  const first = FIRST.exec(word);
  if (first)
    return between(
      Number(first[1]),
      (value) => value >= 1,
      (count) => ({ kind: "first", count }),
    );
  const every = EVERY.exec(word);
  if (every)
    return between(
      Number(every[1]),
      (value) => value >= 1,
      (nth) => ({ kind: "every", nth }),
    );
  return undefined;
}

function between(
  value: number,
  isValid: (value: number) => boolean,
  make: (value: number) => Selection,
): Selection | undefined {
  return isValid(value) ? make(value) : undefined;
}

/** `0s..5s`, or `{ every: 3s, for: 1s }`; times count from the start of the fault phase. */
export const duringSchema = z
  .union([
    z
      .string()
      .refine((text) => parseSpan(text) !== undefined, { error: "expected a time span such as 0s..5s" })
      .transform((text) => parseSpan(text) as Window),
    z
      .strictObject({ every: durationSchema, for: durationSchema })
      .refine((flapping) => flapping.for > 0 && flapping.for < flapping.every, {
        error: "`for` must be above 0 and shorter than `every`",
      })
      .transform((flapping): Window => ({ kind: "flapping", everyMs: flapping.every, forMs: flapping.for })),
  ])
  .meta({ description: "0s..5s | { every: 3s, for: 1s }; default: from the start until heal" });

function parseSpan(text: string): Window | undefined {
  const [from = "", to = "", ...rest] = text.split("..");
  const fromMs = parseDuration(from);
  const toMs = parseDuration(to);
  if (rest.length > 0 || fromMs === undefined || toMs === undefined || toMs <= fromMs) return undefined;
  return { kind: "span", fromMs, toMs };
}

/** `1..3` or `2`: attempts of a transaction at the fault's point, 1-based. */
export const attemptsSchema = z
  .union([
    z
      .int()
      .min(1)
      .transform((attempt) => ({ from: attempt, to: attempt })),
    z
      .string()
      .refine((text) => parseAttempts(text) !== undefined, {
        error: "expected attempts such as 1..3, or a number",
      })
      .transform((text) => parseAttempts(text) as { from: number; to: number }),
  ])
  .meta({ description: "Only these attempts of a transaction at the fault's point: 1..3 or a number" });

function parseAttempts(text: string): { from: number; to: number } | undefined {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text.trim());
  if (!match) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from >= 1 && to >= from ? { from, to } : undefined;
}

const stageNameSchema = z.string().min(1);

/** `in-review`, or a list: what is reported at these stages of the contract. */
export const stageSchema = z
  .union([stageNameSchema.transform((name) => [name]), z.array(stageNameSchema).min(1)])
  .meta({
    description: "Only what is reported at this stage of the contract, or at these; default: the result",
  });
