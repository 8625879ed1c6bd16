// Breaks one payload: picks a mutation and a field that apply, deterministically, and says what is left to read.
import type { FaultContext } from "../faults/fault.ts";
import type { Payload } from "../pipeline-values.ts";
import { MUTATION_NAMES, type MutationName, mutations } from "./catalogue.ts";
import { type Field, formatPath, readPath } from "./document.ts";
import { type Judge, judgeFor } from "./judgement.ts";
import type { ByteMutation, DocumentMutation, FieldMutation } from "./mutation.ts";
import { readSubject, type Subject } from "./subject.ts";

export interface MalformOptions {
  /** Absent: applicable mutations are dealt over the transactions by ordinal. */
  mutation?: MutationName | undefined;
  /** Dotted path in the body. Absent: an applicable field is dealt. */
  field?: string | undefined;
}

type Context = Pick<FaultContext, "key" | "ordinal" | "outcomes" | "choose">;

/** Undefined when nothing applies to this payload. */
export function malform(
  payload: Payload,
  { mutation, field }: MalformOptions,
  context: Context,
): Payload | undefined {
  const subject = readSubject(payload, context);
  const judge = subject && judgeFor(payload.schema, subject.document);
  const candidates = mutation ? [mutation] : MUTATION_NAMES;
  // Both named: the user knows better than the schema what to try.
  const isForced = mutation !== undefined && field !== undefined;
  const applicable = candidates
    .map((name) => variantsOf(name, { payload, subject, judge, field, isForced }))
    .filter((variants) => variants.length > 0);
  const variants = dealt(applicable, context.ordinal);
  const name = variants?.[0]?.mutation;
  return name && variants[Math.floor(context.choose(`field of ${name}`) * variants.length)];
}

interface Situation {
  payload: Payload;
  subject: Subject | undefined;
  judge: Judge | undefined;
  field: string | undefined;
  isForced: boolean;
}

type Variant = Payload & { mutation: MutationName };

/** What one mutation makes of the payload: one variant for each field that it applies to. */
function variantsOf(name: MutationName, situation: Situation): Variant[] {
  const mutation = mutations[name];
  const { payload, subject, field } = situation;
  switch (mutation.kind) {
    case "bytes":
      return field === undefined ? [broken(payload, name, mutation, subject)] : [];
    case "document":
      return subject && field === undefined ? reshaped(name, mutation, subject, situation) : [];
    case "field":
      return subject
        ? fieldsFor(mutation, subject, field).flatMap((target) =>
            changed(name, mutation, subject, target, situation),
          )
        : [];
  }
}

function broken(
  payload: Payload,
  mutation: MutationName,
  { apply, keepsOutcome }: ByteMutation,
  subject: Subject | undefined,
): Variant {
  return {
    ...payload,
    ...apply(payload.body, subject),
    mutation,
    content: "malformed",
    claims: keepsOutcome ? payload.claims : null,
  };
}

function reshaped(
  mutation: MutationName,
  { apply, harmless }: DocumentMutation,
  { document }: Subject,
  { payload, judge }: Situation,
): Variant[] {
  const result = apply(document);
  if (result === undefined) return [];
  const isValid = judge ? judge(result).size === 0 : harmless;
  if (isValid !== harmless) return [];
  return [{ ...payload, body: encode(result), mutation, content: contentOf(payload, harmless) }];
}

function changed(
  mutation: MutationName,
  { apply, harmless, keywords, prefers }: FieldMutation,
  subject: Subject,
  target: Field,
  { payload, judge, isForced }: Situation,
): Variant[] {
  const document = apply(subject, target);
  const breaks = judge?.(document);
  const isListed = prefers === "outcome" && target === subject.outcome;
  const isWrong = breaks
    ? isListed || (breaks.size > 0 && (keywords?.some((keyword) => breaks.has(keyword)) ?? true))
    : !harmless && (prefers === undefined || isListed);
  if (!isForced && isWrong === harmless) return [];
  const claims = remainingClaim(document, subject.outcome, payload.claims);
  // What the schema lets pass and what says the same outcome has to be borne.
  const isHarmless = !isListed && claims === payload.claims && (breaks ? breaks.size === 0 : harmless);
  return [
    {
      ...payload,
      body: encode(document),
      mutation,
      field: formatPath(target.path),
      claims,
      content: contentOf(payload, isHarmless),
    },
  ];
}

/** The field that was asked for; else the outcome's, where the mutation is meant for it; else every one that it suits. */
function fieldsFor({ suits, prefers }: FieldMutation, subject: Subject, wanted: string | undefined): Field[] {
  const { fields, outcome } = subject;
  const offered =
    wanted !== undefined
      ? fields.filter(({ path }) => formatPath(path) === wanted)
      : prefers === "outcome" && outcome
        ? [outcome]
        : fields;
  return offered.filter((field) => suits(field, subject));
}

/** The outcome if it still stands under its field, whatever its case: a lenient reader would find it. */
function remainingClaim(document: unknown, outcome: Field | undefined, claims: string | null): string | null {
  if (!outcome || claims === null) return claims;
  const value = readPath(document, outcome.path);
  return typeof value === "string" && value.toLowerCase() === claims.toLowerCase() ? claims : null;
}

/** A lie stays a lie, whatever else is added to it. */
function contentOf({ content }: Payload, isHarmless: boolean): Payload["content"] {
  if (!isHarmless) return "malformed";
  return content === "genuine" ? "harmless" : content;
}

function encode(document: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(document));
}

/**
 * Deals by ordinal, so that neighbours get different ones and every one has its turn. A prime number of turns keeps
 * that true when only every nth transaction is faulted.
 */
function dealt<Item>(items: readonly Item[], ordinal: number): Item | undefined {
  if (items.length === 0) return undefined;
  return items[((ordinal - 1) % primeFrom(items.length)) % items.length];
}

function primeFrom(least: number): number {
  let candidate = least;
  while (!isPrime(candidate)) candidate += 1;
  return candidate;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}
