// Access tokens of the oauth2 scheme: opaque to clients, recognised by any partner with the same client secret.
import { createHmac } from "node:crypto";
import { chooseTag } from "../../lib/choice.ts";
import { type Clock, wallTime } from "../../lib/clock.ts";
import { ACCESS_TOKEN_PREFIX } from "../../lib/redact.ts";
import { createSecretCheck } from "./secret-check.ts";

export interface AccessTokens {
  /** Whole seconds, never more than the token is good for. */
  readonly expiresInSeconds: number;
  issue(): string;
  /** `issuedMs`: milliseconds on the run's clock, negative for one of an earlier run. */
  check(token: string): { kind: "good"; issuedMs: number } | { kind: "expired" } | { kind: "unknown" };
}

export interface AccessTokensOptions {
  clock: Clock;
  seed: string;
  clientSecret: string;
  lifetimeMs: number;
}

/** Time of issue in microseconds since 1970, a seeded mark, and the proof that both are ours. */
const TOKEN = new RegExp(`^${ACCESS_TOKEN_PREFIX}([0-9a-z]{1,12})_([0-9a-z]{8})_([\\w-]{43})$`);

/**
 * Nothing is remembered: a token proves itself. So there is no bound to how many may be handed out, and a system that
 * outlives one partner (an attached one, between two scenarios) may use its token with the next.
 */
export function createAccessTokens({
  clock,
  seed,
  clientSecret,
  lifetimeMs,
}: AccessTokensOptions): AccessTokens {
  let count = 0;
  const prove = (text: string) =>
    createHmac("sha256", `access token ${clientSecret}`).update(text).digest("base64url");

  return {
    expiresInSeconds: Math.floor(lifetimeMs / 1_000),
    issue() {
      count += 1;
      const text = `${Math.round(wallTime(clock) * 1_000).toString(36)}_${chooseTag(8, seed, "token", count)}`;
      return `${ACCESS_TOKEN_PREFIX}${text}_${prove(text)}`;
    },
    check(token) {
      const [, issued = "", mark = "", proof = ""] = TOKEN.exec(token) ?? [];
      if (!createSecretCheck(prove(`${issued}_${mark}`))(proof)) return { kind: "unknown" };
      const issuedMs = Number.parseInt(issued, 36) / 1_000 - clock.originMs;
      return clock.now() - issuedMs >= lifetimeMs ? { kind: "expired" } : { kind: "good", issuedMs };
    },
  };
}
