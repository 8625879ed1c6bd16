// Takes results that Acme reports: trusts none that is not signed, fresh, readable and about a claim of ours.
import { isUtf8 } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { OUTCOMES } from "./acme.js";
import { raise } from "./alerts.js";
import { parseJson } from "./http.js";
import { has, isVariant } from "./protections.js";
import { SETTINGS, TIMES } from "./settings.js";
import * as store from "./store.js";
import { askAgain } from "./work.js";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/; // RFC 3339
/** What Acme may report before the result, where the contract has stages. */
const STAGES = ["claim.received", "claim.in-review"];

/**
 * @param {Headers} headers @param {Buffer} body  the bytes as they came: the signature is over these and no others
 * @returns {[status: 200 | 401 | 404 | 422, result: string]}
 */
export function takeResult(headers, body) {
  // Protection: signature.
  if (has("signature") && !isSigned(headers, body)) return [401, "bad signature"];
  // Protection: age-check.
  const ageMs = Math.abs(Date.now() - Number(headers.get("webhook-timestamp") ?? Number.NaN) * 1_000);
  if (has("age-check") && !(ageMs <= TIMES.signatureAgeMs)) return [401, "not fresh"];
  const text = body.toString();
  const value = isUtf8(body) ? parseJson(text) : undefined;
  const flaw = flawOf(headers, text, value);
  // Protection: error-isolation. Without it what cannot be read breaks the service.
  if (flaw && !has("error-isolation")) throw new Error(flaw);
  if (flaw) return refuseUnreadable(flaw, body);
  const { reference, outcome, type } = value;
  const [claim] = store.findByNumber(reference);
  // Protection: known-claims. What nobody handed in cannot have a result: Acme should hear that, and look.
  if (claim === undefined) return has("known-claims") ? [404, "unknown claim"] : [200, "ignored"];
  // A stage on the way: the result is still to come.
  if (STAGES.includes(type)) {
    if (type === "claim.in-review") store.putInReview(claim.id);
    return [200, "noted"];
  }
  // Protection: cross-check. Under one claim's number with another one's id it is about neither.
  if (has("cross-check") && (claim.partnerId ?? value.claim) !== value.claim)
    return refuseUnreadable("filed under the wrong claim", body);
  store.callbackSeen(claim.id);
  // Who only asks takes no result from a report, but one that contradicts what was answered is reason to ask again.
  if (isVariant("poll-only") && (claim.outcome ?? outcome) === outcome) return [200, "noted"];
  // Protection: persist-first. The transaction is committed before the answer leaves.
  const result = store.settle(claim.id, outcome);
  if (result === "conflict") {
    console.error(`claim ${reference}: is ${claim.outcome}, Acme now says ${outcome}`);
    // Protection: corrections. Acme may have taken its result back: its status says which one holds.
    if (has("corrections")) askAgain(claim.id);
  }
  return [200, result];
}

/** Standard Webhooks 1.0.0: HMAC-SHA256 over id.timestamp.body. @param {Headers} headers @param {Buffer} body */
function isSigned(headers, body) {
  const { webhookSecret, webhookNextSecret } = SETTINGS;
  const known = [webhookSecret, webhookNextSecret].filter((secret) => secret !== "");
  const entries = (headers.get("webhook-signature") ?? "").split(" ");
  // Protection: key-rotation. While the secret changes there may be several signatures, and one under the next secret.
  if (!has("key-rotation")) return isSignature(entries[0] ?? "", webhookSecret, headers, body);
  return entries.some((entry) => known.some((secret) => isSignature(entry, secret, headers, body)));
}

/** @param {string} entry @param {string} secret @param {Headers} headers @param {Buffer} body */
function isSignature(entry, secret, headers, body) {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.`;
  const expected = createHmac("sha256", key).update(signed).update(body).digest();
  const [version, signature = ""] = entry.split(",");
  const given = Buffer.from(signature, "base64");
  return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
}

/** Why a body is not the result that the contract promises. @param {Headers} headers @param {string} text @param {any} value */
function flawOf(headers, text, value) {
  if (value === undefined) return "not JSON";
  if (typeof value?.reference !== "string") return "no reference";
  const isStage = STAGES.includes(value.type);
  if (!isStage && typeof value.outcome !== "string") return "no outcome";
  // Protection: schema-validation. Without it anything that looks like a text is believed.
  if (!has("schema-validation")) return undefined;
  if (!/^application\/json\b/.test(headers.get("content-type") ?? "")) return "not sent as JSON";
  if (isDeep(text)) return "nested too deeply";
  // A parser silently keeps the last of two values under one key; which one was meant nobody knows.
  if (countKeys(text) !== countKeys(JSON.stringify(value))) return "a key stands twice";
  if (typeof value.id !== "string" || value.id === "") return "no id";
  if (isStage) return isInstant(value.at) ? undefined : "at is no time";
  if (typeof value.claim !== "string" || value.claim === "") return "no id of the claim";
  if (value.type !== "claim.settled") return "an unknown type";
  if (!OUTCOMES.includes(value.outcome)) return "an unknown outcome";
  return isInstant(value.settledAt) ? undefined : "settledAt is no time";
}

/** @param {string} text */
const isInstant = (text) => INSTANT.test(text) && !Number.isNaN(Date.parse(text));

/** JSON.parse takes any depth, what works on its value does not. @param {string} json */
function isDeep(json) {
  let depth = 0;
  for (const character of json.replaceAll(/"(?:[^"\\]|\\.)*"/g, "")) {
    if (character === "[" || character === "{") depth += 1;
    if (character === "]" || character === "}") depth -= 1;
    if (depth > 50) return true;
  }
  return false;
}

/** @param {string} json */
const countKeys = (json) =>
  [...json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length;

/** Protection: quarantine. @param {string} reason @param {Buffer} body @returns {[200 | 422, string]} */
function refuseUnreadable(reason, body) {
  const [claim] = store.findNamedIn(body.toString());
  if (claim) store.callbackSeen(claim.id);
  if (!has("quarantine")) return [200, "ignored"];
  console.error(`claim ${claim?.claimNumber ?? "unknown"}: unreadable result: ${reason}`);
  store.quarantine(claim?.id ?? null, reason, body, Date.now());
  raise("unreadable", claim?.id ?? "", reason, claim !== undefined && claim.outcome !== null);
  return [422, "unreadable"];
}
