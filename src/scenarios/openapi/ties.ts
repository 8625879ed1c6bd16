// Properties that mean something here: ids, the caller's reference, states, results, times, and what the caller sent.
import { plainName } from "./json.ts";
import { literal, quoted } from "./literal.ts";
import { Optional } from "./optional.ts";
import type { OutcomeField } from "./outcome.ts";
import { textsOf } from "./outcome.ts";
import type { Field, Shape } from "./shape.ts";
import { OMIT } from "./value.ts";
import { freshWord, meaningsOf, workingWord } from "./words.ts";

export interface Meaning {
  /** The reply to a submission, the reply to a status request, or the report of the result. */
  kind: "submit" | "status" | "callback";
  /** Paths (dotted) of the message's own properties: a customer's id is none of ours. */
  own: ReadonlySet<string>;
  /** Plain name of the caller's reference. */
  keyName: string | undefined;
  /** Plain names of the submission's id. */
  idNames: ReadonlySet<string>;
  /** Where this message states the result. */
  outcome: OutcomeField | undefined;
  outcomes: readonly string[];
  /** Of a callback or webhook: its own name. */
  messageName?: string | undefined;
  /** The required properties of the request, for what is told back. */
  sent: ReadonlyMap<string, Shape>;
}

const STATUS = /(status|state)$/;
const STATE_OR_OUTCOME = "{{ submission.outcome = null ? submission.state : submission.outcome }}";
const EVENT_ID = /^(event|delivery|webhook|notification|message)id$/;

/** A template, a value, OMIT, or undefined where the property means nothing in particular. */
export function tie(field: Field, meaning: Meaning): unknown {
  const { path, shape } = field;
  if (!meaning.own.has(path.join("."))) return undefined;
  const name = plainName(path.at(-1) ?? "");
  if (path.join(".") === meaning.outcome?.path.join(".")) return outcomeTie(field, meaning, meaning.outcome);
  if (name === meaning.keyName && isText(shape)) return "{{ submission.key }}";
  if (STATUS.test(name) && isText(shape)) return stateTie(field, meaning);
  const ties = [idTie, eventTie, timeTie, troubleTie, sentTie];
  // Null is a value like any other here.
  return ties.map((one) => one(name, field, meaning)).find((value) => value !== undefined);
}

function idTie(name: string, { path, shape }: Field, { kind, idNames, own }: Meaning): unknown {
  if (kind === "callback") {
    const isEvent = EVENT_ID.test(name) || (name === "id" && path.length === 1 && hasOther(own, idNames));
    if (isEvent)
      return shape.keywords.format === "uuid" ? "{{ $faker('string.uuid') }}" : "{{ delivery.id }}";
  }
  if (!idNames.has(name) || shape.types.includes("object") || shape.types.includes("array")) return undefined;
  return shape.types.includes("string") || shape.types.length === 0
    ? "{{ submission.id }}"
    : "{{ $number(submission.id) }}";
}

/** True when the submission's id stands elsewhere in the message, so that a top-level `id` is the message's own. */
function hasOther(own: ReadonlySet<string>, idNames: ReadonlySet<string>): boolean {
  return [...own].some((path) => path !== "id" && idNames.has(plainName(path.split(".").at(-1) ?? "")));
}

function eventTie(name: string, { shape }: Field, { kind, outcomes, messageName = "" }: Meaning): unknown {
  if (kind !== "callback" || !/^(type|event|eventtype|eventname|topic)$/.test(name)) return undefined;
  const values = textsOf(shape.values);
  const [first] = outcomes;
  const prefix = values
    .map((value) => value.slice(0, -(first ?? "").length))
    .find((before) => before !== "" && outcomes.every((outcome) => values.includes(`${before}${outcome}`)));
  if (prefix !== undefined) return `${literal(prefix)}{{ submission.outcome }}`;
  const own = values.find((value) => plainName(value) === plainName(messageName));
  if (own !== undefined) return literal(own);
  return literal(
    values.find((value) => /settled|completed|finished|decided|result|closed|resolved|updated/i.test(value)),
  );
}

function outcomeTie(
  { path, shape, isRequired }: Field,
  { kind }: Meaning,
  { template }: OutcomeField,
): unknown {
  if (kind === "callback") return template;
  const values = textsOf(shape.values);
  // A status that may be any word is there from the beginning; a result is not.
  if (values.length === 0 && !shape.isNullable && isText(shape) && STATUS.test(plainName(path.at(-1) ?? "")))
    return kind === "submit" ? "{{ submission.state }}" : STATE_OR_OUTCOME;
  if (kind === "submit")
    return literal(freshWord(values)) ?? (shape.isNullable ? null : isRequired ? undefined : OMIT);
  if (shape.types.includes("boolean") && isRequired) return template;
  if (shape.isNullable) return "{{ submission.outcome }}";
  const working = workingWord(values);
  if (working !== undefined)
    return `{{ submission.outcome = null ? ${quoted(working)} : submission.outcome }}`;
  return isRequired ? template : new Optional("submission.outcome");
}

function stateTie({ shape }: Field, { kind, outcome, outcomes }: Meaning): unknown {
  const values = textsOf(shape.values);
  const over = meaningsOf(values).over[0];
  const isEnough = outcomes.every((word) => values.includes(word));
  if (values.length === 0) {
    if (kind === "callback") return outcome ? "settled" : "{{ submission.outcome }}";
    return outcome || kind === "submit" ? "{{ submission.state }}" : STATE_OR_OUTCOME;
  }
  if (kind === "submit") return literal(freshWord(values));
  const end = isEnough ? "submission.outcome" : over === undefined ? undefined : quoted(over);
  if (end === undefined) return kind === "status" ? literal(workingWord(values)) : undefined;
  if (kind === "callback") return isEnough ? "{{ submission.outcome }}" : literal(over);
  const working = workingWord(values);
  return working === undefined ? undefined : `{{ submission.outcome = null ? ${quoted(working)} : ${end} }}`;
}

const STARTED =
  /^(created|accepted|received|submitted|requested|registered|initiated|opened)(at|on|time|date|timestamp)?$/;
const ENDED =
  /^(decided|settled|completed|processed|resolved|finished|closed|adjudicated|determined|paid|captured|approved|concluded|failed|denied)(at|on|time|date|timestamp)$/;
const MOMENT = /(at|timestamp|time|occurred|date|sent)$|^(updated|modified|timestamp|date)/;

function timeTie(name: string, { shape, isRequired }: Field, { kind }: Meaning): unknown {
  const format = shape.keywords.format;
  const isUnix =
    shape.types[0] === "integer" &&
    (STARTED.test(name) || ENDED.test(name) || /^(timestamp|updated(at)?)$/.test(name));
  if (format !== "date-time" && format !== "date" && !isUnix) return undefined;
  const written = (source: string) => {
    if (isUnix) return `{{ $floor($toMillis(${source}) / 1000) }}`;
    return format === "date" ? `{{ $substringBefore(${source}, "T") }}` : `{{ ${source} }}`;
  };
  if (STARTED.test(name)) return written("submission.acceptedAt");
  if (ENDED.test(name)) {
    if (kind === "callback") return written("submission.decidedAt");
    if (kind === "submit")
      return shape.isNullable ? null : isRequired ? written("submission.acceptedAt") : OMIT;
    if (shape.isNullable && format === "date-time") return "{{ submission.decidedAt }}";
    return isRequired || format !== "date-time"
      ? written("submission.acceptedAt")
      : new Optional("submission.decidedAt");
  }
  if (!MOMENT.test(name) || format === "date") return undefined;
  return written(kind === "callback" ? "delivery.at" : "submission.acceptedAt");
}

const TROUBLE =
  /^(failure|error|errors|problem|rejection|denial|cancellation|decline|warning)(s|code|reason|message|details?)?$/;

/** A good partner reports no trouble where it need not. */
function troubleTie(name: string, { shape, isRequired }: Field): unknown {
  if (!TROUBLE.test(name)) return undefined;
  return shape.isNullable ? null : isRequired ? undefined : OMIT;
}

/** What the caller sent is told back where whatever the request allows is allowed here as well. */
function sentTie(_name: string, { path, shape }: Field, { sent }: Meaning): unknown {
  const property = path.at(-1) ?? "";
  const given = sent.get(property);
  return /^[A-Za-z_]\w*$/.test(property) && given && allows(shape, given)
    ? `{{ submission.body.${property} }}`
    : undefined;
}

/** True when every value of `given` is one of `shape`, as far as that can be told from the words. */
function allows(shape: Shape, given: Shape): boolean {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const { examples: _, default: __, ...demands } = shape.keywords;
  return (
    same(shape.types, given.types) &&
    (shape.isNullable || !given.isNullable) &&
    (shape.values.length === 0 || same(shape.values, given.values)) &&
    same(shape.properties, given.properties) &&
    shape.required.every((name) => given.required.includes(name)) &&
    Object.entries(demands).every(([keyword, value]) => same(value, given.keywords[keyword]))
  );
}

/** A text, as far as the schema says. */
function isText({ types, values, properties }: Shape): boolean {
  if (types.length > 0) return types.includes("string");
  return Object.keys(properties).length === 0 && (values.length === 0 || textsOf(values).length > 0);
}
