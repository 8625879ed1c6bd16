// @ts-check
// Tells people about problems: one alert a kind of problem, sent again when claims join it, closed when it is over.
import { page, tellSlack, tellWebhook } from "./channels.js";
import { has, isVariant } from "./protections.js";
import { TIMES } from "./settings.js";
import { problems } from "./store.js";

/**
 * One claim with one problem. `claimId` is empty when nobody can say which claim it is.
 * @typedef {{ kind: Kind, claimId: string, claimNumber: string | null, amount: number | null, detail: string,
 *   raisedAt: number, notified: number, cleared: number }} Problem
 * @typedef {keyof typeof KINDS} Kind
 */

/** @satisfies {Record<string, { severity: "critical" | "error" | "warning", title: string }>} */
const KINDS = {
  stuck: { severity: "critical", title: "Acme Clearinghouse: results are overdue" },
  refused: { severity: "error", title: "Acme Clearinghouse refused claims: they need correction" },
  lost: { severity: "critical", title: "Acme Clearinghouse does not know claims that it accepted" },
  unreadable: { severity: "error", title: "Acme Clearinghouse reports results that cannot be read" },
  "missing-callback": { severity: "warning", title: "Acme Clearinghouse did not report results in time" },
};

/** How many claims one message may list; the rest follow in the next. */
const NAMES_PER_ALERT = 100;
/** How long trouble that belongs to no claim must have been away to be over. */
const UNNAMED_OVER_MS = 3_000;

/**
 * Opens a problem. It is on disk before anybody is told, so that a crash forgets no alert.
 * @param {Kind} kind
 * @param {string} claimId  empty when nobody can say which claim it is
 * @param {string} detail
 * @param {{ over: boolean }} [state]  over already: worth telling, nothing to wait for
 */
export function raise(kind, claimId, detail, { over } = { over: false }) {
  problems.raise(kind, claimId, detail, Date.now(), over ? 1 : 0);
}

export function startAlerts() {
  // Protection: alerts.
  if (!has("alerts")) return () => {};
  /** @type {Map<Kind, number>} */
  const lastSent = new Map();
  let sending = false;
  const timer = setInterval(async () => {
    if (sending) return;
    sending = true;
    await tellAll(lastSent).catch((error) => console.error(`alerts: ${error.stack}`));
    sending = false;
  }, 100);
  return () => clearInterval(timer);
}

/** @param {Map<Kind, number>} lastSent */
async function tellAll(lastSent) {
  problems.clearUnnamed(Date.now() - UNNAMED_OVER_MS);
  /** @type {Map<Kind, Problem[]>} */
  const byKind = new Map();
  for (const problem of problems.list())
    byKind.set(problem.kind, [...(byKind.get(problem.kind) ?? []), problem]);
  // Protection: alert-grouping.
  const tell = has("alert-grouping") ? tellGroup : tellEach;
  await Promise.all([...byKind].map(([kind, list]) => tell(kind, list, lastSent)));
}

/** One alert for all claims with this problem. @param {Kind} kind @param {Problem[]} list @param {Map<Kind, number>} lastSent */
async function tellGroup(kind, list, lastSent) {
  const now = Date.now();
  const untold = list.filter(({ notified }) => !notified).slice(0, NAMES_PER_ALERT);
  if (untold.length === 0) {
    if (list.every(({ cleared }) => cleared)) await close(kind, [""]);
    return;
  }
  const gathered = now - Math.min(...untold.map(({ raisedAt }) => raisedAt)) >= TIMES.alertGatherMs;
  if (!gathered || now - (lastSent.get(kind) ?? 0) < TIMES.alertEveryMs) return;
  lastSent.set(kind, now);
  if (!(await send(kind, untold, list, ""))) return;
  for (const { claimId } of untold) problems.setNotified(kind, claimId);
}

/** What alerting looks like ungrouped: one for every claim, again and again. @param {Kind} kind @param {Problem[]} list @param {Map<Kind, number>} lastSent */
async function tellEach(kind, list, lastSent) {
  const suffixes = list.map(({ claimId }) => `/${claimId}`);
  const open = list.filter(({ notified, cleared }) => !notified || !cleared);
  if (open.length === 0) return close(kind, suffixes);
  if (Date.now() - (lastSent.get(kind) ?? 0) < 500) return;
  lastSent.set(kind, Date.now());
  await Promise.all(open.map((problem) => send(kind, [problem], [problem], `/${problem.claimId}`)));
  for (const { claimId } of open) problems.setNotified(kind, claimId);
}

/**
 * @param {Kind} kind
 * @param {Problem[]} untold  those that people have not heard of yet
 * @param {Problem[]} all
 * @param {string} suffix  makes the key of the alert
 * @returns {Promise<boolean>} whether anybody heard it
 */
async function send(kind, untold, all, suffix) {
  const { severity, title } = KINDS[kind];
  const earlier = all.length - untold.length;
  // Protection: alert-names.
  const lines = has("alert-names") ? untold.map(describe) : ["some claims are affected"];
  const more = earlier > 0 ? [`and ${earlier} told before`] : [];
  const text = [title, ...lines, ...more, "What to do: docs/runbook.md"].join("\n• ");
  const numbers = has("alert-names") ? all.map(({ claimNumber }) => claimNumber ?? "an unknown claim") : [];
  const heard = await Promise.all([
    tellSlack(text),
    page({
      action: "trigger",
      key: kind + suffix,
      severity,
      summary: [title, ...numbers].join(" "),
      details: lines,
    }),
    // A benign variant: more people hear of it, in other words.
    isVariant("second-channel")
      ? tellWebhook({ key: kind + suffix, state: "firing", text: `Please look: ${text}` })
      : false,
  ]);
  return heard.includes(true);
}

/** Protection: alert-resolve. @param {Kind} kind @param {string[]} suffixes */
async function close(kind, suffixes) {
  problems.close(kind);
  if (!has("alert-resolve")) return;
  const { severity, title } = KINDS[kind];
  for (const suffix of suffixes)
    await page({ action: "resolve", key: kind + suffix, severity, summary: title, details: [] });
}

/** @param {Problem} problem */
function describe({ claimNumber, amount, detail }) {
  return claimNumber === null ? `an unknown claim: ${detail}` : `${claimNumber} ($${amount}): ${detail}`;
}

/** Proves that every channel is heard. @returns {Promise<boolean>} */
export async function testAlert() {
  const summary = "Test alert of the claims service, nothing is wrong";
  const event = { key: "test-alert", severity: "warning", summary, details: [] };
  const heard = await Promise.all([tellSlack(summary), page({ ...event, action: "trigger" })]);
  await page({ ...event, action: "resolve" });
  return heard.every(Boolean);
}
