// The explicit record of mutations: the names in YAML, in reports and in the docs.
import * as bytes from "./bytes.ts";
import type { Mutation } from "./mutation.ts";
import * as structure from "./structure.ts";
import * as values from "./values.ts";

export const mutations = {
  empty: bytes.empty,
  truncated: bytes.truncated,
  "invalid-json": bytes.invalidJson,
  html: bytes.html,
  xml: bytes.xml,
  "wrong-content-type": bytes.wrongContentType,
  "byte-order-mark": bytes.byteOrderMark,
  "undeclared-gzip": bytes.undeclaredGzip,
  "field-missing": structure.fieldMissing,
  "field-null": structure.fieldNull,
  "field-renamed": structure.fieldRenamed,
  "field-nested": structure.fieldNested,
  "array-for-object": structure.arrayForObject,
  "envelope-added": structure.envelopeAdded,
  "extra-fields": structure.extraFields,
  "wrong-type": values.wrongType,
  "unknown-enum": values.unknownEnum,
  "number-as-text": values.numberAsText,
  "date-format": values.dateFormat,
  "timezone-missing": values.timezoneMissing,
  "empty-text": values.emptyText,
  "case-changed": values.caseChanged,
  negative: values.negative,
  "hostile-text": values.hostileText,
} satisfies Record<string, Mutation>;

export type MutationName = keyof typeof mutations;
export const MUTATION_NAMES = Object.keys(mutations) as [MutationName, ...MutationName[]];
