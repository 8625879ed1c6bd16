// Mutations of the structure: fields that are gone, renamed, nested, or wrapped.
import { changeField } from "./document.ts";
import type { DocumentMutation, FieldMutation } from "./mutation.ts";

export const fieldMissing: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ isItem }) => !isItem,
  keywords: ["required", "minProperties", "dependentRequired"],
  apply: ({ document }, { path }) => changeField(document, path, () => []),
};

export const fieldNull: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => value !== null,
  keywords: ["type", "enum", "const"],
  apply: ({ document }, { path }) => changeField(document, path, (name) => [[name, null]]),
};

/** `settledAt` becomes `settled_at` and the reverse; a single word gets a second one. */
export const fieldRenamed: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ isItem }) => !isItem,
  keywords: ["required", "additionalProperties", "unevaluatedProperties"],
  apply: ({ document }, { path }) => changeField(document, path, (name, value) => [[renamed(name), value]]),
};

/** `"outcome": "approved"` becomes `"outcome": { "value": "approved" }`. */
export const fieldNested: FieldMutation = {
  kind: "field",
  harmless: false,
  suits: ({ value }) => typeof value !== "object",
  keywords: ["type", "enum", "const"],
  apply: ({ document }, { path }) => changeField(document, path, (name, value) => [[name, { value }]]),
};

export const envelopeAdded: DocumentMutation = {
  kind: "document",
  harmless: false,
  apply: (document) => ({ data: document }),
};

export const arrayForObject: DocumentMutation = {
  kind: "document",
  harmless: false,
  apply: (document) => (Array.isArray(document) ? undefined : [document]),
};

const ANNOUNCED_BY_NOBODY = { apiVersion: "2.1", links: { self: "/results/latest" }, warnings: [] };

/** What a partner adds in a minor version: every reader must let it pass. */
export const extraFields: DocumentMutation = {
  kind: "document",
  harmless: true,
  apply(document) {
    if (typeof document !== "object" || document === null || Array.isArray(document)) return undefined;
    // What is there already stays as it is.
    const result = { ...ANNOUNCED_BY_NOBODY, ...document };
    const added = Object.keys(result).length - Object.keys(document).length;
    return added === 0 ? undefined : { ...document, ...result };
  },
};

/** An object has no order (RFC 8259, section 4). */
export const keyOrder: DocumentMutation = {
  kind: "document",
  harmless: true,
  apply(document) {
    const result = reversed(document);
    return JSON.stringify(result) === JSON.stringify(document) ? undefined : result;
  },
};

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, child]) => [name, reversed(child)]),
  );
}

function renamed(name: string): string {
  if (/[a-z0-9][A-Z]/.test(name)) {
    return name.replace(/([a-z0-9])([A-Z])/g, (_, before, after) => `${before}_${after.toLowerCase()}`);
  }
  const joined = name.replace(/_+([^_])/g, (_, letter) => letter.toUpperCase());
  return joined === name ? `${name}_value` : joined;
}
