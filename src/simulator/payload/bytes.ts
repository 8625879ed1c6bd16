// Mutations of the bytes: what arrives is not the JSON that was promised.
import { gzipSync } from "node:zlib";
import type { ByteMutation } from "./mutation.ts";
import type { Subject } from "./subject.ts";

export const empty: ByteMutation = {
  kind: "bytes",
  keepsOutcome: false,
  apply: () => ({ body: new Uint8Array(0) }),
};

/** Ends inside the outcome's value, or after three fifths, so that nobody can read the outcome out of what is left. */
export const truncated: ByteMutation = {
  kind: "bytes",
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
  keepsOutcome: true,
  apply(body) {
    const text = asText(body).trimEnd();
    return { body: Buffer.from(/[}\]]$/.test(text) ? `${text.slice(0, -1)},${text.slice(-1)}` : `${text},`) };
  },
};

/** What a proxy in front of the partner says when the partner fails behind it. */
export const html: ByteMutation = {
  kind: "bytes",
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
  keepsOutcome: true,
  apply: (body) => ({ body, contentType: "text/plain; charset=utf-8" }),
};

export const byteOrderMark: ByteMutation = {
  kind: "bytes",
  keepsOutcome: true,
  apply: (body) => ({ body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]) }),
};

/** Compressed, without the Content-Encoding that says so. */
export const undeclaredGzip: ByteMutation = {
  kind: "bytes",
  keepsOutcome: true,
  apply: (body) => ({ body: gzipSync(body) }),
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
