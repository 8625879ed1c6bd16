// @ts-check
// Speaks to Acme Clearinghouse: one request each, and every way it can end as a plain value.
import { has, isVariant } from "./protections.js";
import { SETTINGS, TIMES } from "./settings.js";

/**
 * `failed`: nobody knows what the partner did, or it asked us to come back.
 * @typedef {{ kind: "failed", reason: string, retryAfterMs?: number | undefined }} Failed
 * @typedef {{ kind: "accepted", id: string } | { kind: "rejected", reason: string } | Failed} Submitted
 * @typedef {{ kind: "settled", outcome: string } | { kind: "pending" } | { kind: "unknown" } | Failed} Asked
 */

const OUTCOMES = ["approved", "denied", "rejected"];
let failuresInRow = 0;

/** Down when the last three requests failed. @returns {"up" | "down"} */
export const partnerState = () => (failuresInRow >= 3 ? "down" : "up");

/**
 * @param {import("./store.js").Claim} claim
 * @param {string} idempotencyKey
 * @returns {Promise<Submitted>}
 */
export async function submit(claim, idempotencyKey) {
  const reply = await call("POST", "/v1/claims", submissionOf(claim), { "idempotency-key": idempotencyKey });
  if (reply.kind === "failed") return reply;
  if (reply.status === 400 || reply.status === 422)
    return { kind: "rejected", reason: `refused with ${reply.status}` };
  const id = field(reply.body, "id");
  if (reply.status < 300 && typeof id === "string" && id !== "") return { kind: "accepted", id };
  return failure(reply);
}

/** @param {string} partnerId @returns {Promise<Asked>} */
export async function askStatus(partnerId) {
  const reply = await call("GET", `/v1/claims/${encodeURIComponent(partnerId)}`);
  if (reply.kind === "failed") return reply;
  if (reply.status === 404) return { kind: "unknown" };
  if (reply.status !== 200) return failure(reply);
  const status = field(reply.body, "status");
  const outcome = field(reply.body, "outcome");
  // Protection: schema-validation. Without it any text is an outcome.
  if (!has("schema-validation") && typeof outcome === "string") return { kind: "settled", outcome };
  if (field(reply.body, "id") !== partnerId) return { kind: "failed", reason: "an unreadable status" };
  if (status === "rejected") return { kind: "settled", outcome: "rejected" };
  if (status === "settled" && typeof outcome === "string" && OUTCOMES.includes(outcome))
    return { kind: "settled", outcome };
  if (status === "lost") return { kind: "unknown" };
  if (status === "accepted" || status === "processing") return { kind: "pending" };
  return { kind: "failed", reason: "an unreadable status" };
}

/** @param {import("./store.js").Claim} claim */
function submissionOf({ claimNumber, patient, amount }) {
  const callbackUrl = `${SETTINGS.publicUrl}/webhooks/acme`;
  if (isVariant("json-order"))
    return JSON.stringify({ callbackUrl, amount, patient, reference: claimNumber }, null, 2);
  return JSON.stringify({ reference: claimNumber, patient, amount, callbackUrl });
}

/**
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {string} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{ kind: "answered", status: number, body: unknown, retryAfter: string | null } | Failed>}
 */
async function call(method, path, body, headers = {}) {
  try {
    const response = await fetch(SETTINGS.partnerUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${SETTINGS.partnerToken}`,
        "content-type": "application/json",
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      redirect: "error",
      // Protection: timeout. It covers the reading of the body too.
      ...(has("timeout") ? { signal: AbortSignal.timeout(TIMES.requestTimeoutMs) } : {}),
    });
    const text = await response.text();
    failuresInRow = response.status >= 500 ? failuresInRow + 1 : 0;
    return {
      kind: "answered",
      status: response.status,
      body: readJson(text),
      retryAfter: response.headers.get("retry-after"),
    };
  } catch (error) {
    failuresInRow += 1;
    return { kind: "failed", reason: reasonOf(error) };
  }
}

/** @param {{ status: number, retryAfter: string | null }} reply @returns {Failed} */
function failure({ status, retryAfter }) {
  return { kind: "failed", reason: `an answer ${status}`, retryAfterMs: retryAfterMs(retryAfter) };
}

/** Whole seconds or a date (RFC 9110, section 10.2.3), at most a minute; anything else says nothing. @param {string | null} text */
function retryAfterMs(text) {
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return ms > 0 ? Math.min(ms, 60_000) : undefined;
}

/** @param {string} text @returns {unknown} */
function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {unknown} value @param {string} name @returns {unknown} */
function field(value, name) {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** @param {unknown} error */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${cause}`;
}
