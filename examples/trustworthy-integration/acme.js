// Speaks to Acme Clearinghouse: hands a claim in, asks what became of it.
import { raise, settleProblem } from "./alerts.js";
import { parseJson, request } from "./http.js";
import { has, isVariant } from "./protections.js";
import { SETTINGS, TIMES } from "./settings.js";

/**
 * `failed`: nobody knows what Acme did, or it asked us to come back.
 * @typedef {{ kind: "failed", reason: string, retryAfterMs: number }} Failed
 * @typedef {{ kind: "accepted", partnerId: string } | { kind: "refused", reason: string } | Failed} Submitted
 * @typedef {{ kind: "settled", outcome: string } | { kind: "pending" } | { kind: "unknown" } | Failed} Asked
 */

// Protection: certificate-check. Without it whoever answers at Acme's address is taken for Acme.
if (!has("certificate-check")) process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";

export const OUTCOMES = ["approved", "denied", "rejected"];
let failuresInRow = 0;
let lockoutsInRow = 0;
let isAlarmed = true; // by the process before this one, for all we know
/** No when the last three requests failed. */
export const isAcmeUp = () => failuresInRow < 3;

/** @param {import("./store.js").Claim} claim @param {string} key  of idempotency @returns {Promise<Submitted>} */
export async function submit({ claimNumber, patient, amount }, key) {
  const callbackUrl = `${SETTINGS.publicUrl}/webhooks/acme`;
  const body = isVariant("json-order")
    ? JSON.stringify({ callbackUrl, amount, patient, reference: claimNumber }, null, 2)
    : JSON.stringify({ reference: claimNumber, patient, amount, callbackUrl });
  const answer = await call("/v1/claims", { headers: { "idempotency-key": key }, body });
  const { status, json } = answer;
  // Protection: rejection.
  if ([400, 422].includes(status) && has("rejection"))
    return { kind: "refused", reason: `refused with ${status}` };
  // Protection: reply-check. Without an id of Acme's the claim could never be asked about: better to send it again.
  const isIdentified = (typeof json?.id === "string" && json.id !== "") || !has("reply-check");
  if (status < 200 || status > 299 || !isIdentified) return failure(answer);
  return { kind: "accepted", partnerId: String(json?.id) };
}

/** @param {string} partnerId @returns {Promise<Asked>} */
export async function askStatus(partnerId) {
  const answer = await call(`/v1/claims/${encodeURIComponent(partnerId)}`, { method: "GET" });
  const { id, status, outcome } = answer.json ?? {};
  if (answer.status === 404) return { kind: "unknown" };
  // Protection: schema-validation. Without it any text is an outcome.
  if (!has("schema-validation") && typeof outcome === "string") return { kind: "settled", outcome };
  if (answer.status !== 200 || id !== partnerId) return failure(answer);
  if (status === "lost") return { kind: "unknown" };
  if (status === "rejected") return { kind: "settled", outcome: "rejected" };
  if (status === "settled" && OUTCOMES.includes(outcome)) return { kind: "settled", outcome };
  return status === "accepted" || status === "processing" ? { kind: "pending" } : failure(answer);
}

/** @param {string} path @param {import("./http.js").Options} options */
async function call(path, options) {
  const headers = { authorization: `Bearer ${SETTINGS.partnerToken}`, ...options.headers };
  // Protection: timeout.
  const timeoutMs = has("timeout") ? TIMES.requestTimeoutMs : undefined;
  const answer = await request(SETTINGS.partnerUrl + path, { ...options, headers, timeoutMs });
  failuresInRow = answer.status === 0 || answer.status >= 500 ? failuresInRow + 1 : 0;
  noteLockout(answer.status);
  return { ...answer, json: parseJson(answer.text) };
}

/** Protection: lockout-alarm. No attempt helps until somebody has renewed what Acme refuses, so people hear of it at once. @param {number} status */
function noteLockout(status) {
  if (!has("lockout-alarm") || status === 0 || status >= 500) return;
  const isLockedOut = status === 401 || status === 403;
  lockoutsInRow = isLockedOut ? lockoutsInRow + 1 : 0;
  // One may be a token that expired on its way.
  if (lockoutsInRow === 2) raise("locked-out", "our credentials", `refused with ${status}`);
  if (!isLockedOut && isAlarmed) settleProblem("our credentials");
  isAlarmed = isLockedOut && (isAlarmed || lockoutsInRow >= 2);
}

/** @param {{ status: number, text: string, retryAfter: string }} answer @returns {Failed} */
function failure({ status, text, retryAfter }) {
  const reason = status === 0 ? text : `an answer ${status} that does not help`;
  // Whole seconds or a date (RFC 9110, section 10.2.3), at most a minute; anything else says nothing.
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.now();
  return { kind: "failed", reason, retryAfterMs: ms > 0 ? Math.min(ms, 60_000) : 0 };
}
