// Every (mutation × field) that applies to one payload: each is wrong in that one thing and right in all the others.
import type { Payload } from "../pipeline-values.ts";
import { type MutationName, mutations } from "./catalogue.ts";
import { type Field, formatPath, readPath } from "./document.ts";
import { type Judge, judgeFor } from "./judgement.ts";
import type { ByteMutation, DocumentMutation, FieldMutation } from "./mutation.ts";
import { readSubject, type Subject } from "./subject.ts";

/** What the payload can become. */
export interface Candidate {
  mutation: MutationName;
  /** Dotted path; absent: it is about the whole body. */
  field?: string;
  /** Large ones exist only when they are asked for. */
  make(): Payload;
}

export interface DeriveOptions {
  among: readonly MutationName[];
  /** Dotted path: only this field. */
  field: string | undefined;
  /** True: the user knows better than the schema what is wrong. */
  isForced: boolean;
}

interface Situation extends DeriveOptions {
  payload: Payload;
  subject: Subject | undefined;
  judge: Judge | undefined;
}

export function derive(
  payload: Payload,
  options: DeriveOptions,
  context: Pick<Subject, "key" | "outcomes">,
): Candidate[] {
  const subject = readSubject(payload, context);
  const judge = subject && judgeFor(payload.schema, subject.document);
  const situation = { ...options, payload, subject, judge };
  return options.among.flatMap((name) => candidatesOf(name, situation));
}

function candidatesOf(name: MutationName, situation: Situation): Candidate[] {
  const mutation = mutations[name];
  const { subject, field } = situation;
  switch (mutation.kind) {
    case "bytes":
      return field === undefined ? broken(name, mutation, situation) : [];
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
  mutation: MutationName,
  { suits, apply, keepsOutcome, harmless }: ByteMutation,
  { payload, subject }: Situation,
): Candidate[] {
  if (suits && !suits(subject)) return [];
  const keeps = typeof keepsOutcome === "function" ? keepsOutcome(subject) : keepsOutcome;
  const make = (): Payload => ({
    ...payload,
    ...apply(payload.body, subject),
    mutation,
    content: contentOf(payload, harmless),
    claims: keeps ? payload.claims : null,
  });
  return [{ mutation, make }];
}

function reshaped(
  mutation: MutationName,
  { apply, harmless }: DocumentMutation,
  { document }: Subject,
  { payload, judge }: Situation,
): Candidate[] {
  const result = apply(document);
  if (result === undefined) return [];
  const isValid = judge ? judge(result).size === 0 : harmless;
  if (isValid !== harmless) return [];
  const make = (): Payload => ({
    ...payload,
    body: encode(result),
    mutation,
    content: contentOf(payload, harmless),
  });
  return [{ mutation, make }];
}

function changed(
  name: MutationName,
  mutation: FieldMutation,
  subject: Subject,
  target: Field,
  { payload, judge, isForced }: Situation,
): Candidate[] {
  const document = mutation.apply(subject, target);
  const breaks = judge?.(document);
  const isListed = mutation.prefers === "outcome" && target === subject.outcome;
  const isBeyond = mutation.beyondSchema?.(target, subject) ?? false;
  const isWrong = breaks
    ? isListed || (isBeyond && breaks.size === 0) || breaksBy(breaks, mutation)
    : !mutation.harmless && (mutation.prefers === undefined || isListed);
  if (!isForced && isWrong === mutation.harmless) return [];
  const claims = remainingClaim(document, subject.outcome, payload.claims);
  // What the schema lets pass and what says the same outcome has to be borne.
  const isHarmless =
    !isListed && !isBeyond && claims === payload.claims && (breaks ? breaks.size === 0 : mutation.harmless);
  const field = formatPath(target.path);
  const content = contentOf(payload, isHarmless);
  const make = (): Payload => ({
    ...payload,
    body: encode(document),
    mutation: name,
    field,
    claims,
    content,
  });
  return [{ mutation: name, field, make }];
}

function breaksBy(broken: ReadonlySet<string>, { keywords }: FieldMutation): boolean {
  return broken.size > 0 && (keywords?.some((keyword) => broken.has(keyword)) ?? true);
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
