// The signature headers of one delivery as its plan wants them: valid, forged, missing or stale.
import type { Signature } from "../../history/event.ts";
import { wrongSecret } from "./secret.ts";
import { companionHeaders, type SignOptions, sign } from "./sign.ts";

/** Receivers allow five minutes (Standard Webhooks, Stripe). */
export const TOLERANCE_SECONDS = 300;
/** A stale timestamp is twice as old, unless told otherwise. */
const STALE_SECONDS = 2 * TOLERANCE_SECONDS;

/**
 * Headers for `signature`. `stale` is signed correctly over a timestamp that is too old; schemes without a timestamp
 * (github, none) cannot be stale and sign as valid.
 */
export function signatureHeaders(
  signature: Signature,
  { staleSeconds = STALE_SECONDS, ...options }: SignOptions & { staleSeconds?: number },
): Record<string, string> {
  switch (signature) {
    case "valid":
      return sign(options);
    case "forged":
      return signForged(options);
    case "missing":
      return companionHeaders(options);
    case "stale":
      return sign({ ...options, timestampSeconds: options.timestampSeconds - staleSeconds });
    case "none":
      return {};
  }
}

/** A forger knows neither secret, and signs once. */
function signForged({ otherSecret: _other, ...options }: SignOptions): Record<string, string> {
  return sign({ ...options, secret: wrongSecret(options.scheme, options.secret) });
}
