// What a mutation is: one way to break a payload, as a pure function of it.
import type { Field } from "./document.ts";
import type { Subject } from "./subject.ts";

/** Works on the bytes. */
export interface ByteMutation {
  kind: "bytes";
  /** True: RFC 8259 lets every reader take it for the same document. */
  harmless: boolean;
  /** Whether a lenient reader can still find the outcome in what is left. */
  keepsOutcome: boolean | ((subject: Subject | undefined) => boolean);
  /** Whether it applies; absent: always. `subject` is absent when the body is no JSON. */
  suits?: (subject: Subject | undefined) => boolean;
  apply: (body: Uint8Array, subject: Subject | undefined) => { body: Uint8Array; contentType?: string };
}

/** Works on the whole JSON value; every field keeps its name. Undefined: not applicable. */
export interface DocumentMutation {
  kind: "document";
  /** True: a reader that follows the contract loosely enough must not notice. */
  harmless: boolean;
  apply: (document: unknown) => unknown;
}

/** Works on one field. */
export interface FieldMutation {
  kind: "field";
  harmless: boolean;
  /** Whether it says anything about this field, as far as the JSON itself tells. */
  suits: (field: Field, subject: Subject) => boolean;
  /** Meant for the field that carries the outcome, whose words the contract lists even where no schema does. */
  prefers?: "outcome";
  /** A JSON Schema calls it wrong by one of these keywords; absent: by any. */
  keywords?: readonly string[];
  /** Wrong although the schema lets it pass: what a number means, or how long a text may be, is seldom in a schema. */
  beyondSchema?: (field: Field, subject: Subject) => boolean;
  /** The document with the field changed. */
  apply: (subject: Subject, field: Field) => unknown;
}

export type Mutation = ByteMutation | DocumentMutation | FieldMutation;
