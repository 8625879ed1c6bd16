// @ts-check
// Takes results that Acme reports: trusts none that is not signed, fresh, readable and about a claim of ours.
import { createHmac, timingSafeEqual } from "node:crypto";
import { raise } from "./alerts.js";
import { countCallback } from "./metrics.js";
import { has, isVariant } from "./protections.js";
import { SETTINGS, TIMES } from "./settings.js";
import * as store from "./store.js";

/** A result that does not have the promised form. */
class Unreadable extends Error {}

/**
 * @param {Headers} headers
 * @param {Buffer} body  the bytes as they came: the signature is over these and no others
 * @returns {{ status: 200 | 401 | 404 | 422, result: string }}
 */
export function receiveResult(headers, body) {
  // Protection: signature.
  if (has("signature") && !isSigned(headers, body)) return answer(401, "bad signature");
  // Protection: age-check.
  if (has("age-check") && !isFresh(headers)) return answer(401, "not fresh");
  try {
    const { reference, outcome } = readResult(headers, body);
    const claim = store.findByNumber(reference);
    if (claim === undefined) return answer(404, "unknown claim");
    store.callbackSeen(claim.id);
    if (isVariant("poll-only")) return answer(200, "noted");
    // Protection: persist-first. The transaction is committed before the answer leaves.
    const result = store.settle(claim.id, outcome);
    if (result === "conflict")
      console.error(`claim ${reference}: is ${claim.outcome}, Acme now says ${outcome}`);
    return answer(200, result);
  } catch (error) {
    // Protection: error-isolation.
    if (!(error instanceof Unreadable) || !has("error-isolation")) throw error;
    return refuseUnreadable(error.message, body);
  }
}

/** Standard Webhooks 1.0.0: HMAC-SHA256 over id.timestamp.body; several signatures while keys rotate. @param {Headers} headers @param {Buffer} body */
function isSigned(headers, body) {
  const key = Buffer.from(SETTINGS.webhookSecret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.`;
  const expected = createHmac("sha256", key).update(signed).update(body).digest();
  return (headers.get("webhook-signature") ?? "").split(" ").some((entry) => {
    const [version, signature = ""] = entry.split(",");
    const given = Buffer.from(signature, "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** @param {Headers} headers */
function isFresh(headers) {
  const sentAt = Number(headers.get("webhook-timestamp") ?? Number.NaN) * 1_000;
  return Math.abs(Date.now() - sentAt) <= TIMES.signatureAgeMs;
}

/** @param {Headers} headers @param {Buffer} body @returns {{ reference: string, outcome: string }} */
function readResult(headers, body) {
  const value = readJson(body);
  if (typeof value !== "object" || value === null) throw new Unreadable("not an object");
  const { id, type, reference, outcome, settledAt } = /** @type {Record<string, unknown>} */ (value);
  if (typeof reference !== "string") throw new Unreadable("no reference");
  if (typeof outcome !== "string") throw new Unreadable("no outcome");
  // Protection: schema-validation. Without it anything that looks like a text is believed.
  if (!has("schema-validation")) return { reference, outcome };
  if (!/^application\/json\b/.test(headers.get("content-type") ?? ""))
    throw new Unreadable("not sent as JSON");
  if (hasDuplicateKeys(body.toString(), value)) throw new Unreadable("a key stands twice");
  if (typeof id !== "string" || id === "") throw new Unreadable("no id");
  if (type !== "claim.settled") throw new Unreadable("an unknown type");
  if (!["approved", "denied", "rejected"].includes(outcome)) throw new Unreadable("an unknown outcome");
  if (typeof settledAt !== "string" || !isInstant(settledAt)) throw new Unreadable("settledAt is no time");
  return { reference, outcome };
}

/** @param {Buffer} body @returns {unknown} */
function readJson(body) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    throw new Unreadable("not JSON");
  }
}

/** A parser silently keeps the last of two values under one key; which one was meant nobody knows. @param {string} text @param {unknown} value */
function hasDuplicateKeys(text, value) {
  const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined);
  return written.length !== keysOf(value);
}

/** @param {unknown} value @returns {number} */
function keysOf(value) {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum, inner) => sum + keysOf(inner), own);
}

/** A date and time with its offset (RFC 3339). @param {string} text */
function isInstant(text) {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
  );
}

/** Protection: quarantine. @param {string} reason @param {Buffer} body */
function refuseUnreadable(reason, body) {
  const claim = store.findNamedIn(body.toString());
  if (claim !== undefined) store.callbackSeen(claim.id);
  if (!has("quarantine")) return answer(200, "ignored");
  console.error(`claim ${claim?.claimNumber ?? "unknown"}: unreadable result: ${reason}`);
  store.transaction(() => {
    store.quarantine(claim?.id ?? null, reason, body, Date.now());
    raise("unreadable", claim?.id ?? "", reason, { over: claim?.stage === "done" });
  });
  return answer(422, "unreadable");
}

/** @param {200 | 401 | 404 | 422} status @param {string} result @returns {{ status: 200 | 401 | 404 | 422, result: string }} */
function answer(status, result) {
  countCallback(result);
  return { status, result };
}
