// @ts-check
// Where alerts go: Slack for the business owner, PagerDuty for the engineer on call.
import { setTimeout as wait } from "node:timers/promises";
import { SETTINGS, TIMES } from "./settings.js";

/** @param {string} text */
export function tellSlack(text) {
  // Slack reads <, > and & as markup.
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return post("Slack", SETTINGS.slackUrl, { text: escaped });
}

/**
 * An event of the PagerDuty Events API v2; events with one key belong to one incident.
 * @param {{ action: "trigger" | "resolve", key: string, severity: string, summary: string, details: string[] }} event
 */
export function page({ action, key, severity, summary, details }) {
  return post("PagerDuty", SETTINGS.pagerDutyUrl, {
    routing_key: SETTINGS.pagerDutyKey,
    event_action: action,
    dedup_key: `claims-service/${key}`,
    payload: {
      summary: summary.slice(0, 1_024),
      source: "claims-service",
      severity,
      custom_details: { claims: details },
    },
  });
}

/** A generic channel; without one the words go to Slack. @param {{ key: string, state: "firing" | "resolved", text: string }} alert */
export function tellWebhook(alert) {
  if (SETTINGS.alertWebhookUrl === undefined) return tellSlack(alert.text);
  return post("webhook", SETTINGS.alertWebhookUrl, { status: alert.state, key: alert.key, text: alert.text });
}

/**
 * At most three tries: what is not heard then is kept as untold and comes again.
 * @param {string} channel
 * @param {string | undefined} url
 * @param {unknown} body
 * @returns {Promise<boolean>}
 */
async function post(channel, url, body) {
  if (!url) return false;
  for (let attempt = 1; attempt <= 3; attempt++) {
    if (attempt > 1) await wait(200 * attempt);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMES.requestTimeoutMs),
      });
      await response.text();
      if (response.ok) return true;
      console.error(`alert not taken by ${channel}: ${response.status}`);
      if (response.status < 500 && response.status !== 429) return false;
    } catch (error) {
      console.error(`alert not taken by ${channel}: ${error}`);
    }
  }
  return false;
}
