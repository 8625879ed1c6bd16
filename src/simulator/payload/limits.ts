// Mutations that keep to the grammar and strain the reader: RFC 8259, section 9, lets it set limits, not break.
import type { ByteMutation, FieldMutation } from "./mutation.ts";
import { isFreeText, isIsoDate, replaceBy } from "./values.ts";

/** Above what servers take by default: 100 kB (Express), 1 MB (nginx), 1 MiB (API gateways). */
const HUGE_BYTES = 2 * 1024 * 1024;
/** JSON.parse of V8 takes it; recursive readers and writers do not: Python's give up at a thousand. */
const DEEP_LEVELS = 10_000;
const LONG_TEXT = "and so on ".repeat(10_000);

let padding: Uint8Array | undefined;

/** The same document with two megabytes of white space in it. The padding is made once, for all of them. */
export const huge: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: true,
  apply(body) {
    padding ??= Buffer.alloc(HUGE_BYTES, " ");
    const isClosed = [0x7d, 0x5d].includes(body.at(-1) ?? 0);
    const end = isClosed ? body.length - 1 : body.length;
    return { body: Buffer.concat([body.subarray(0, end), padding, body.subarray(end)]) };
  },
};

/** One more field, which holds lists in lists. */
export const deep: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: true,
  suits: (subject) => subject?.document instanceof Object && !Array.isArray(subject.document),
  apply(_, subject) {
    const text = JSON.stringify(subject?.document ?? {}).slice(0, -1);
    const nest = "[".repeat(DEEP_LEVELS) + "]".repeat(DEEP_LEVELS);
    return { body: Buffer.from(`${text}${text.length > 1 ? "," : ""}"details":${nest}}`) };
  },
};

/** What stands there, and a book behind it. */
export const veryLongText: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => typeof value === "string" && !isIsoDate(value),
  keywords: ["maxLength", "pattern"],
  beyondSchema: isFreeText,
  apply: replaceBy((value) => `${value} ${LONG_TEXT}`),
};
