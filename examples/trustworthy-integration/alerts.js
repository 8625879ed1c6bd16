// Tells people about problems: one alert a kind of problem, sent again when claims join it, closed when it is over.
import { setTimeout as wait } from "node:timers/promises";
import { request } from "./http.js";
import { has, isVariant } from "./protections.js";
import { SETTINGS, TIMES } from "./settings.js";
import * as store from "./store.js";

/** @typedef {import("./store.js").Problem} Problem @typedef {keyof typeof KINDS} Kind */

const KINDS = {
  stuck: { severity: "critical", title: "Acme Clearinghouse: results are overdue" },
  refused: { severity: "error", title: "Acme Clearinghouse refused claims: they need correction" },
  lost: { severity: "critical", title: "Acme Clearinghouse does not know claims that it accepted" },
  unreadable: { severity: "error", title: "Acme Clearinghouse reports results that cannot be read" },
  corrected: { severity: "critical", title: "Acme Clearinghouse took results back that we had acted on" },
  "locked-out": { severity: "critical", title: "Acme Clearinghouse refuses our credentials: renew them" },
  "missing-callback": { severity: "warning", title: "Acme Clearinghouse did not report results in time" },
};

const SOURCE = "claims-service";
let isPlanned = false;

/**
 * Opens a problem: on disk before anybody is told, so that a crash forgets no alert. When over already, it is only told.
 * @param {Kind} kind @param {string} claimId  empty when nobody can say which, words when it is about no claim @param {string} detail
 */
export function raise(kind, claimId, detail, over = false) {
  store.openProblem(kind, claimId, detail, Date.now(), over ? 1 : 0);
  tellSoon(TIMES.alertGatherMs);
}

/** What the problems of this subject were about is right again. @param {string} subject */
export function settleProblem(subject) {
  store.clearProblems(subject);
  tellSoon(TIMES.alertGatherMs);
}

/** Tells people what is open, unless that is planned already. @param {number} waitMs  for more claims to join */
export function tellSoon(waitMs) {
  // Protection: alerts.
  if (isPlanned || !has("alerts")) return;
  isPlanned = true;
  setTimeout(async () => {
    await tellAll().catch((error) => console.error(`alerts: ${error.stack}`));
    isPlanned = false;
    // Without alert-grouping people are pestered.
    const againMs = has("alert-grouping") ? TIMES.alertEveryMs : TIMES.alertGatherMs;
    if (store.problems().length > 0) tellSoon(againMs);
  }, waitMs);
}

async function tellAll() {
  store.clearUnnamed(Date.now() - TIMES.unnamedOverMs);
  const open = store.problems();
  const incidents = new Map(open.map(({ incident, kind }) => [incident, kind]));
  await Promise.all([...incidents].map(([key, kind]) => tell(key, KINDS[kind], open)));
}

/** @param {string} key  of the incident @param {{ severity: string, title: string }} kind @param {Problem[]} open */
async function tell(key, { severity, title }, open) {
  const all = open.filter(({ incident }) => incident === key);
  // Without alert-grouping each is also repeated, until its claim is settled.
  const untold = all.filter(({ notified, cleared }) => !notified || !(cleared || has("alert-grouping")));
  const news = untold.slice(0, 100); // the rest follow in the next
  // Protection: alert-retry. What nobody has heard is told again; without it, sent is as good as heard.
  if (news.length > 0 && ((await alert(key, severity, title, news)) || !has("alert-retry")))
    for (const { kind, claimId } of news) store.setNotified(kind, claimId);
  if (news.length > 0 || !all.every(({ cleared }) => cleared)) return;
  // Protection: alert-resolve.
  if (!has("alert-resolve") || (await page("resolve", key, title)))
    for (const { kind, claimId } of all) store.closeProblem(kind, claimId);
}

/** @param {string} key @param {string} severity @param {string} title @param {Problem[]} news @returns {Promise<boolean>} whether anybody heard it */
async function alert(key, severity, title, news) {
  // Protection: alert-names.
  const claims = has("alert-names") ? news : [];
  const names = claims.map(({ name }) => name);
  const lines = claims.map(({ name, detail }) => `${name}: ${detail}`);
  const text = [title, ...lines, "What to do: docs/runbook.md"].join("\n• ");
  const slack = tellSlack(text);
  // Protection: alert-fallback. Whoever can be reached is told; without it, a channel that fails ends the matter.
  if (!has("alert-fallback") && !(await slack)) return false;
  const heard = await Promise.all([
    slack,
    page("trigger", key, [title, ...names].join(", "), severity, lines),
    // A benign variant: people are told in other words too.
    isVariant("second-channel") && tellSlack(`Please look: ${text}`),
  ]);
  return heard.includes(true);
}

/** Proves that every channel is heard. */
export async function testAlert() {
  const summary = "Test alert of the claims service, nothing is wrong";
  const heard = await Promise.all([tellSlack(summary), page("trigger", "test-alert", summary)]);
  await page("resolve", "test-alert", summary);
  return heard.every(Boolean);
}

/** Slack reads <, > and & as markup. @param {string} words */
function tellSlack(words) {
  const text = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return post(SETTINGS.slackUrl, { text });
}

/** PagerDuty Events API v2: events with one key belong to one incident. @param {"trigger" | "resolve"} action @param {string} key @param {string} summary */
function page(action, key, summary, severity = "warning", claims = [""]) {
  return post(SETTINGS.pagerDutyUrl, {
    routing_key: SETTINGS.pagerDutyKey,
    event_action: action,
    dedup_key: `${SOURCE}/${key}`,
    payload: { source: SOURCE, severity, summary: summary.slice(0, 1_024), custom_details: { claims } },
  });
}

/** At most three tries, or one without alert-retry: what is not heard then is told again later. @param {string | undefined} url @param {unknown} message */
async function post(url, message) {
  if (!url) return false;
  const body = JSON.stringify(message);
  for (const waitMs of has("alert-retry") ? [0, 400, 600] : [0]) {
    await wait(waitMs);
    const { status, text } = await request(url, { body, timeoutMs: TIMES.requestTimeoutMs });
    if (status >= 200 && status <= 299) return true;
    console.error(`alert not taken by ${new URL(url).host}: ${status} ${text}`);
  }
  return false;
}
