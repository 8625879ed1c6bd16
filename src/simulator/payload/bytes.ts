// Mutations of the bytes: what arrives is not the JSON that was promised.
import { gzipSync } from "node:zlib";
import { changeField, type Field } from "./document.ts";
import type { ByteMutation } from "./mutation.ts";
import type { Subject } from "./subject.ts";

export const empty: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: false,
  apply: () => ({ body: new Uint8Array(0) }),
};

/** Ends inside the outcome's value, or after three fifths, so that nobody can read the outcome out of what is left. */
export const truncated: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: false,
  apply: (body, subject) => ({ body: body.subarray(0, cutAt(body, subject)) }),
};

function cutAt(body: Uint8Array, subject: Subject | undefined): number {
  const word = subject?.outcome ? JSON.stringify(subject.outcome.value) : undefined;
  const start = word === undefined ? -1 : Buffer.from(body).indexOf(word);
  if (word === undefined || start === -1) return Math.floor(body.length * 0.6);
  return start + Math.floor(Buffer.byteLength(word) / 2);
}

/** A comma too many: strict readers refuse it, lenient ones do not even notice. */
export const invalidJson: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: true,
  apply(body) {
    const text = asText(body).trimEnd();
    return { body: Buffer.from(/[}\]]$/.test(text) ? `${text.slice(0, -1)},${text.slice(-1)}` : `${text},`) };
  },
};

/** What a proxy in front of the partner says when the partner fails behind it. */
export const html: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: false,
  apply: () => ({
    body: Buffer.from(
      "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n",
    ),
    contentType: "text/html; charset=utf-8",
  }),
};

/** The same fields, as the partner's old interface sent them. */
export const xml: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: false,
  apply: (body, subject) => ({
    body: Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?>\n<result>${toXml(subject?.document ?? asText(body))}</result>\n`,
    ),
    contentType: "application/xml",
  }),
};

export const wrongContentType: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: true,
  apply: (body) => ({ body, contentType: "text/plain; charset=utf-8" }),
};

export const byteOrderMark: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: true,
  apply: (body) => ({ body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]) }),
};

/** Says UTF-8 and is not (RFC 8259, section 8.1): Latin-1 where that differs, otherwise UTF-16. */
export const wrongCharset: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: true,
  apply(body) {
    const text = asText(body);
    const isLatin = /[\u0080-\u00ff]/.test(text) && !/[\u0100-\uffff]/.test(text);
    const charset = isLatin ? "latin1" : "utf16le";
    return { body: Buffer.from(text, charset), contentType: "application/json; charset=utf-8" };
  },
};

/** Compressed, without the Content-Encoding that says so. */
export const undeclaredGzip: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: true,
  apply: (body) => ({ body: gzipSync(body) }),
};

/**
 * One name twice, with different values: which of them counts is anybody's guess (RFC 8259, section 4). Most parsers
 * take the last, so the lie stands there.
 */
export const duplicateKeys: ByteMutation = {
  kind: "bytes",
  harmless: false,
  keepsOutcome: (subject) => subject?.outcome === undefined,
  suits: (subject) => named(subject) !== undefined,
  apply(body, subject) {
    const field = named(subject);
    const name = field?.path.at(-1);
    if (!subject || !field || name === undefined) return { body };
    const marked = `${DUPLICATE}${name}`;
    const document = changeField(subject.document, field.path, (_, value) => [
      [name, value],
      [marked, otherValue(subject, field)],
    ]);
    const text = JSON.stringify(document);
    return { body: Buffer.from(text.replace(JSON.stringify(marked), () => JSON.stringify(name))) };
  },
};

function named(subject: Subject | undefined): Field | undefined {
  return subject?.outcome ?? subject?.fields.find(({ isItem }) => !isItem);
}

/** Stands before a name until the text is written: an object cannot hold one name twice. */
const DUPLICATE = "duplicate of ";

function otherValue({ outcome, outcomes }: Subject, field: Field): unknown {
  if (field !== outcome) return null;
  return outcomes.find((word) => word !== field.value) ?? null;
}

/** The same document as an editor may lay it out (RFC 8259, section 2). */
export const whiteSpace: ByteMutation = {
  kind: "bytes",
  harmless: true,
  keepsOutcome: true,
  suits: (subject) => subject !== undefined,
  apply(body, subject) {
    const text = subject ? JSON.stringify(subject.document, null, "\t") : asText(body);
    return { body: Buffer.from(`\r\n\t ${text.replaceAll("\n", "\r\n")} \r\n\r\n`) };
  },
};

function asText(body: Uint8Array): string {
  return Buffer.from(body).toString("utf8");
}

function toXml(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<item>${toXml(item)}</item>`).join("");
  if (typeof value !== "object" || value === null) return escapeXml(String(value ?? ""));
  return Object.entries(value)
    .map(([name, child]) => `<${xmlName(name)}>${toXml(child)}</${xmlName(name)}>`)
    .join("");
}

function xmlName(name: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(name) ? name : "field";
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
