// @ts-check
// What the environment says, and every time that this service knows, in milliseconds.
import { isVariant } from "./protections.js";

const scale = isVariant("slower") ? 1.5 : 1;

/** From the contract: a result is reported within this time of acceptance. */
export const PROMISE_MS = 1_000;

export const TIMES = {
  requestTimeoutMs: 1_000 * scale,
  /** Attempts to submit: 200, 400, 800, 1600, 1600… */
  submit: { firstMs: 200 * scale, factor: 2, capMs: 1_600 * scale },
  /** Questions about a result: 500, 600, 720… 1000. */
  poll: { firstMs: 500 * scale, factor: 1.2, capMs: 1_000 * scale },
  /** The first question, counted from acceptance. */
  firstPollMs: isVariant("poll-only") ? 300 : PROMISE_MS + 300 * scale,
  /** What the partner does not know is asked about once more, so much later. */
  confirmMs: 250 * scale,
  /** So long after its promise a claim is stuck. */
  patienceMs: 800 * scale,
  /** An alert waits so long for more claims to join it, and is sent again at most so often. */
  alertGatherMs: 300 * scale,
  alertEveryMs: 1_000 * scale,
  signatureAgeMs: 300_000,
};

export const SETTINGS = {
  port: Number(process.env.PORT ?? 3000),
  dataDir: process.env.DATA_DIR ?? "data",
  partnerUrl: process.env.PARTNER_URL ?? "http://127.0.0.1:4000",
  partnerToken: process.env.PARTNER_TOKEN ?? "",
  webhookSecret: process.env.WEBHOOK_SECRET ?? "",
  publicUrl: process.env.PUBLIC_URL ?? `http://127.0.0.1:${process.env.PORT ?? 3000}`,
  slackUrl: process.env.OPS_SLACK_URL,
  pagerDutyUrl: process.env.PAGERDUTY_URL,
  pagerDutyKey: process.env.PAGERDUTY_KEY ?? "",
  alertWebhookUrl: process.env.ALERT_WEBHOOK_URL,
};
