// Compares a secret with what somebody presents, in a time that tells nothing about it.
import { hash, timingSafeEqual } from "node:crypto";

export type SecretCheck = (given: string) => boolean;

/** Digests are of one length, so neither the length of the secret nor where a guess goes wrong can be measured. */
export function createSecretCheck(secret: string): SecretCheck {
  const expected = digest(secret);
  return (given) => timingSafeEqual(digest(given), expected);
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
