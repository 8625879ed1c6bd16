// Compares a secret with what somebody presents, in a time that tells no more about it than its length.
import { timingSafeEqual } from "node:crypto";

export type SecretCheck = (given: string) => boolean;

/** No character takes more bytes in UTF-8, so what ends inside the scratch was written as a whole. */
const LONGEST_CHARACTER = 4;

export function createSecretCheck(secret: string): SecretCheck {
  const expected = Buffer.from(secret);
  // Written over for each check: a buffer made for each would cost more than the comparison.
  const scratch = Buffer.alloc(expected.length + LONGEST_CHARACTER);
  const presented = scratch.subarray(0, expected.length);
  return (given) => scratch.write(given) === expected.length && timingSafeEqual(presented, expected);
}
