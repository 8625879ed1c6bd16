// Compares a secret with what somebody presents, in a time that tells no more about it than its length.
import { timingSafeEqual } from "node:crypto";

export type SecretCheck = (given: string) => boolean;

export function createSecretCheck(secret: string): SecretCheck {
  const expected = Buffer.from(secret);
  return (given) => {
    const bytes = Buffer.from(given);
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  };
}
