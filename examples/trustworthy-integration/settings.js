// What the environment says, and every time that this service knows, in milliseconds.
import { isVariant } from "./protections.js";

const scale = isVariant("slower") ? 1.5 : 1;
/** From the contract: a result is reported within this time of acceptance. */
export const PROMISE_MS = 1_000;

export const TIMES = {
  requestTimeoutMs: 1_000 * scale,
  // Attempts to submit: 200, 400, 800, 1600, 1600… Questions about a result: 500, 600, 720… 1000.
  submit: { firstMs: isVariant("extra-retries") ? 120 : 200 * scale, factor: 2, capMs: 1_600 * scale },
  poll: { firstMs: 500 * scale, factor: 1.2, capMs: 1_000 * scale },
  firstPollMs: isVariant("poll-only") ? 300 : PROMISE_MS + 300 * scale, // after acceptance
  confirmMs: 250 * scale, // until an answer that changes things is asked for once more
  patienceMs: 800 * scale, // after its promise a claim is stuck
  alertGatherMs: 300 * scale, // an alert waits for more claims to join it
  alertEveryMs: 1_000 * scale, // and is sent again at most so often
  unnamedOverMs: 3_000, // trouble that belongs to no claim is over
  signatureAgeMs: 300_000,
};

export const SETTINGS = {
  port: Number(process.env.PORT ?? 3000),
  dataDir: process.env.DATA_DIR ?? "data",
  partnerUrl: process.env.PARTNER_URL ?? "http://127.0.0.1:4000",
  partnerToken: process.env.PARTNER_TOKEN ?? "",
  webhookSecret: process.env.WEBHOOK_SECRET ?? "",
  /** The one that Acme has announced, if it has. */
  webhookNextSecret: process.env.WEBHOOK_NEXT_SECRET ?? "",
  publicUrl: process.env.PUBLIC_URL ?? `http://127.0.0.1:${process.env.PORT ?? 3000}`,
  slackUrl: process.env.OPS_SLACK_URL,
  pagerDutyUrl: process.env.PAGERDUTY_URL,
  pagerDutyKey: process.env.PAGERDUTY_KEY ?? "",
};
