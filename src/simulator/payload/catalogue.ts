// The explicit record of mutations: the names in YAML, in reports and in the docs.
import * as bytes from "./bytes.ts";
import * as limits from "./limits.ts";
import type { Mutation } from "./mutation.ts";
import * as structure from "./structure.ts";
import * as values from "./values.ts";

const ofBytes = {
  empty: bytes.empty,
  truncated: bytes.truncated,
  "invalid-json": bytes.invalidJson,
  html: bytes.html,
  xml: bytes.xml,
  "wrong-content-type": bytes.wrongContentType,
  "byte-order-mark": bytes.byteOrderMark,
  "wrong-charset": bytes.wrongCharset,
  "undeclared-gzip": bytes.undeclaredGzip,
  "duplicate-keys": bytes.duplicateKeys,
  huge: limits.huge,
  deep: limits.deep,
};

const ofStructure = {
  "field-missing": structure.fieldMissing,
  "field-null": structure.fieldNull,
  "field-renamed": structure.fieldRenamed,
  "field-nested": structure.fieldNested,
  "array-for-object": structure.arrayForObject,
  "envelope-added": structure.envelopeAdded,
};

const ofValues = {
  "wrong-type": values.wrongType,
  "unknown-enum": values.unknownEnum,
  "number-as-text": values.numberAsText,
  "precision-lost": values.precisionLost,
  "date-format": values.dateFormat,
  "timezone-missing": values.timezoneMissing,
  "empty-text": values.emptyText,
  "very-long-text": limits.veryLongText,
  "case-changed": values.caseChanged,
  negative: values.negative,
  "unit-changed": values.unitChanged,
};

const harmless = {
  "extra-fields": structure.extraFields,
  "key-order": structure.keyOrder,
  "white-space": bytes.whiteSpace,
  "hostile-text": values.hostileText,
};

export const mutations = {
  ...ofBytes,
  ...ofStructure,
  ...ofValues,
  ...harmless,
} satisfies Record<string, Mutation>;

export type MutationName = keyof typeof mutations;
export const MUTATION_NAMES = namesOf(mutations);

/** Names that stand for several mutations. */
export const families = {
  bytes: namesOf(ofBytes),
  structure: namesOf(ofStructure),
  values: namesOf(ofValues),
  harmless: namesOf(harmless),
};

export type FamilyName = keyof typeof families;
export const FAMILY_NAMES = Object.keys(families) as [FamilyName, ...FamilyName[]];

/** What a setting means: one mutation, those of a family, or every one. */
export function mutationsMeant(name: MutationName | FamilyName | undefined): readonly MutationName[] {
  if (name === undefined) return MUTATION_NAMES;
  return isFamily(name) ? families[name] : [name];
}

function isFamily(name: MutationName | FamilyName): name is FamilyName {
  return Object.hasOwn(families, name);
}

function namesOf<Record extends object>(record: Record): [keyof Record, ...(keyof Record)[]] {
  return Object.keys(record) as [keyof Record, ...(keyof Record)[]];
}
