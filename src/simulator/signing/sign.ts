// Signs the exact bytes of one delivery, at the moment when it is sent, in the partner's scheme.
import { createHmac } from "node:crypto";

export const SIGNING_SCHEMES = ["standard-webhooks", "github", "stripe", "none"] as const;
export type SigningScheme = (typeof SIGNING_SCHEMES)[number];

export interface SignOptions {
  scheme: SigningScheme;
  secret: string;
  /** A second secret that signs beside the first while the two overlap. github has one header, for the first alone. */
  otherSecret?: string;
  /** The event's id, kept over retries; for standard-webhooks without a dot. */
  id: string;
  /** Unix seconds of this attempt. */
  timestampSeconds: number;
  body: Uint8Array;
  /** github only: the value of X-GitHub-Event. Default `result`. */
  eventName?: string;
}

/** The headers (lower case) that carry the signature and what belongs to it; none for scheme `none`. */
export function sign(options: SignOptions): Record<string, string> {
  const { scheme, secret, otherSecret, id, timestampSeconds, body } = options;
  const secrets = otherSecret === undefined ? [secret] : [secret, otherSecret];
  switch (scheme) {
    case "standard-webhooks":
      return {
        ...companionHeaders(options),
        "webhook-signature": secrets
          .map((key) => `v1,${standardWebhooksMac(key, `${id}.${timestampSeconds}.`, body)}`)
          .join(" "),
      };
    case "github":
      return {
        ...companionHeaders(options),
        // https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
        "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      };
    case "stripe":
      return {
        "stripe-signature": [
          `t=${timestampSeconds}`,
          ...secrets.map((key) => `v1=${stripeMac(key, timestampSeconds, body)}`),
        ].join(","),
      };
    case "none":
      return {};
  }
}

/** What a delivery of the scheme carries besides the signature itself: all that is left of an unsigned one. */
export function companionHeaders({
  scheme,
  id,
  timestampSeconds,
  eventName = "result",
}: Omit<SignOptions, "secret" | "otherSecret" | "body">): Record<string, string> {
  switch (scheme) {
    case "standard-webhooks":
      return { "webhook-id": id, "webhook-timestamp": String(timestampSeconds) };
    case "github":
      return { "x-github-event": eventName, "x-github-delivery": id };
    case "stripe":
    case "none":
      return {};
  }
}

/** Standard Webhooks 1.0.0: the key is what stands after `whsec_`, base64-decoded; a secret without the prefix is base64 too. */
function standardWebhooksMac(secret: string, signedPrefix: string, body: Uint8Array): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return createHmac("sha256", key).update(signedPrefix).update(body).digest("base64");
}

/** stripe-node Webhooks.ts: the key is the whole text of the secret, `whsec_` included. */
function stripeMac(secret: string, timestampSeconds: number, body: Uint8Array): string {
  return createHmac("sha256", secret).update(`${timestampSeconds}.`).update(body).digest("hex");
}
