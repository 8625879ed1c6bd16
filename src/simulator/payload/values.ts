// Mutations of values: the field is there, and what stands in it is not what was promised.
import { changeField, type Field } from "./document.ts";
import type { FieldMutation } from "./mutation.ts";
import type { Subject } from "./subject.ts";

export const wrongType: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => value !== null,
  keywords: ["type", "enum", "const"],
  apply: replaceBy(otherType),
};

/** A word that the contract never mentions; it says nothing about the outcome. */
export const unknownEnum: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => typeof value === "string",
  prefers: "outcome",
  keywords: ["enum", "const"],
  apply: (subject, field) => replaceBy(() => unknownWord(subject.outcomes))(subject, field),
};

export const numberAsText: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => typeof value === "number",
  keywords: ["type"],
  apply: replaceBy(String),
};

/**
 * Calculated in binary fractions: 120 arrives as 119.99999999999997, and of a long number, or of one that is written
 * as text, the last digits are others (RFC 8259, section 6: beyond 2^53 readers do not agree).
 */
export const precisionLost: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => roughly(value) !== value,
  beyondSchema: () => true,
  apply: replaceBy(roughly),
};

/** Cents for euros: a hundred times as much, or the same amount in another currency or unit. */
export const unitChanged: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: (field) => inOtherUnit(field) !== field.value,
  beyondSchema: () => true,
  apply: (subject, field) => replaceBy(() => inOtherUnit(field))(subject, field),
};

/** Day and month as people write them, so that it is not even clear which is which. */
export const dateFormat: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => isIsoDate(value),
  keywords: ["format", "pattern"],
  apply: replaceBy((value) => {
    const [date = "", time] = String(value).split("T");
    const [year, month, day] = date.split("-");
    return `${day}/${month}/${year}${time ? ` ${time.slice(0, 5)}` : ""}`;
  }),
};

export const timezoneMissing: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => typeof value === "string" && WITH_ZONE.test(value),
  keywords: ["format", "pattern"],
  apply: replaceBy((value) => String(value).replace(ZONE, "")),
};

export const emptyText: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => typeof value === "string" && value !== "",
  apply: replaceBy(() => ""),
};

export const caseChanged: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => typeof value === "string" && value !== swapCase(value),
  prefers: "outcome",
  keywords: ["enum", "const", "pattern"],
  apply: replaceBy((value) => swapCase(String(value))),
};

export const negative: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => typeof value === "number" && value > 0,
  keywords: ["minimum", "exclusiveMinimum"],
  apply: replaceBy((value) => -Number(value)),
};

/** Quotes, markup, templates and a direction mark: data like any other for whoever treats it as data. */
export const hostileText: FieldMutation = {
  kind: "field",
  harmless: true,
  suits: isFreeText,
  apply: replaceBy(
    (value) => `${value} '); DROP TABLE results;-- <script>alert(1)</script> \${7*7} {{7*7}} \u202e %s 💥`,
  ),
};

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/;
const WITH_ZONE = /T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/;
/** An id, an address, a number: one word with more than letters in it. */
const MACHINE_VALUE = /^\S*[\d_:/@]\S*$/;
/** Names of fields that hold a word with a meaning for machines. */
const MACHINE_NAME =
  /(?:^|_)(?:id|type|code|key|ref|reference|currency|url|uri|hash|version|event|status|state)$|(?:Id|Type|Code|Key|Ref|Reference|Url|Uri)$/i;

/** Names of fields that hold a quantity, and of those that say what it is counted in. */
const QUANTITY_NAME =
  /amount|price|total|sum|fee|cost|balance|payment|charge|discount|weight|distance|volume/i;
const CURRENCY_NAME = /currency/i;
const UNIT_NAME = /unit$/i;
const LONG_NUMBER = /^[1-9]\d{16,}$/;

export function replaceBy(change: (value: unknown) => unknown): (subject: Subject, field: Field) => unknown {
  return ({ document }, { path }) => changeField(document, path, (name, value) => [[name, change(value)]]);
}

function otherType(value: unknown): unknown {
  switch (typeof value) {
    case "string":
      return 42;
    case "number":
      return { amount: value };
    case "boolean":
      return value ? "yes" : "no";
    default:
      return "see attachment";
  }
}

function roughly(value: unknown): unknown {
  if (typeof value === "number") return value * (1 - Number.EPSILON);
  return typeof value === "string" && LONG_NUMBER.test(value) ? String(BigInt(Number(value))) : value;
}

function inOtherUnit({ path, value }: Field): unknown {
  const name = path.at(-1) ?? "";
  if (typeof value === "number" && QUANTITY_NAME.test(name)) return Number((value * 100).toPrecision(15));
  if (typeof value !== "string") return value;
  if (CURRENCY_NAME.test(name)) return value === "JPY" ? "USD" : "JPY";
  return UNIT_NAME.test(name) ? (value === "cents" ? "euros" : "cents") : value;
}

function unknownWord(known: readonly string[]): string {
  const words = ["escalated", "under_appeal", "partially_reversed"];
  return words.find((word) => !known.includes(word)) ?? `not_${known.join("_nor_")}`;
}

export function isIsoDate(value: unknown): boolean {
  return typeof value === "string" && ISO_DATE.test(value);
}

function swapCase(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
}

export function isFreeText(field: Field, { outcome, key }: Subject): boolean {
  const { path, value } = field;
  if (typeof value !== "string" || field === outcome || isIsoDate(value)) return false;
  return !value.includes(key) && !MACHINE_VALUE.test(value) && !MACHINE_NAME.test(path.at(-1) ?? "");
}
