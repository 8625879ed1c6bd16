// Who may ask: the credentials that the contract demands, or a 401 that says so (RFC 9110, 11.6.1).
import type { IncomingHttpHeaders } from "node:http";
import type { Contract } from "../contract/contract.ts";
import type { AccessTokens } from "../credentials/access-tokens.ts";
import { readBasic } from "../credentials/client.ts";
import { createSecretCheck } from "../credentials/secret-check.ts";
import type { LockOut } from "../faults/fault.ts";
import type { Reply } from "../pipeline-values.ts";
import { problemReply } from "./problem-details.ts";

/** `issuedMs`: when the token was handed out, on the run's clock; absent for credentials that never change. */
export type Authentication = { ok: true; issuedMs?: number } | { ok: false; refusal: Reply };

export interface Doorkeeper {
  authenticate(headers: IncomingHttpHeaders): Authentication;
  /** What is answered to good credentials while a fault has them locked out. */
  lockedOut(reason: LockOut): Reply;
}

type Verdict = "missing" | "wrong" | "expired" | { ok: true; issuedMs?: number };
type Failure = Exclude<Verdict, object>;

/** One way of proving who asks. */
interface Scheme {
  /** Names it in sentences: "This partner wants …". */
  wanted: string;
  /** "The … is not valid." */
  noun: string;
  challenge(failure: Failure): string;
  check(headers: IncomingHttpHeaders): Verdict;
}

const ADMITTED = { ok: true } as const;

/** A realm in quotes: what could end the quoted string is left out. */
export function realmOf(name: string): string {
  return name.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "");
}

/** `tokens`: of the oauth2 scheme. */
export function createDoorkeeper(
  { auth, name }: Pick<Contract, "auth" | "name">,
  tokens: AccessTokens | undefined,
): Doorkeeper {
  const scheme = schemeOf(auth, realmOf(name), tokens);
  const refusal = (failure: Failure, detail: string): Reply => {
    const reply = problemReply(401, detail);
    return { ...reply, headers: { ...reply.headers, "www-authenticate": scheme.challenge(failure) } };
  };
  const refusals: Record<Failure, Authentication> = {
    missing: { ok: false, refusal: refusal("missing", `This partner wants ${scheme.wanted}.`) },
    wrong: { ok: false, refusal: refusal("wrong", `The ${scheme.noun} is not valid.`) },
    expired: { ok: false, refusal: refusal("expired", `The ${scheme.noun} has expired.`) },
  };
  const lockOuts: Record<LockOut, Reply> = {
    expired: refusal("expired", `The ${scheme.noun} has expired.`),
    revoked: problemReply(403, `The ${scheme.noun} has been revoked.`),
  };
  return {
    authenticate(headers) {
      const verdict = scheme.check(headers);
      return typeof verdict === "string" ? refusals[verdict] : verdict;
    },
    lockedOut: (reason) => lockOuts[reason],
  };
}

function schemeOf(auth: Contract["auth"], realm: string, tokens: AccessTokens | undefined): Scheme {
  // Who asks for no credentials can still shut callers out, by their address for one.
  if (auth === undefined)
    return { ...bearerScheme(realm, () => ADMITTED), noun: "access", check: () => ADMITTED };
  if ("bearer" in auth) {
    const isToken = createSecretCheck(auth.bearer);
    return bearerScheme(realm, (token) => (isToken(token) ? ADMITTED : "wrong"));
  }
  if ("basic" in auth) return basicScheme(realm, auth.basic);
  if ("apiKey" in auth) return apiKeyScheme(realm, auth.apiKey);
  if (tokens === undefined) throw new Error("the oauth2 scheme needs its tokens");
  return bearerScheme(realm, (token) => {
    const found = tokens.check(token);
    if (found.kind === "good") return { ok: true, issuedMs: found.issuedMs };
    return found.kind === "expired" ? "expired" : "wrong";
  });
}

/** RFC 6750, 3: a request without any token is told no error. */
const BEARER_ERRORS: Record<Failure, string> = {
  missing: "",
  wrong: ', error="invalid_token"',
  expired: ', error="invalid_token", error_description="The access token expired"',
};

const BEARER = /^bearer +(.*)$/i;

function bearerScheme(realm: string, judge: (token: string) => Verdict): Scheme {
  return {
    wanted: "a bearer token",
    noun: "bearer token",
    challenge: (failure) => `Bearer realm="${realm}"${BEARER_ERRORS[failure]}`,
    check({ authorization }) {
      if (authorization === undefined) return "missing";
      // The name of the scheme is case-insensitive (RFC 9110, 11.1).
      const token = BEARER.exec(authorization)?.[1];
      return token === undefined ? "wrong" : judge(token);
    },
  };
}

function basicScheme(realm: string, { username, password }: { username: string; password: string }): Scheme {
  const isUser = createSecretCheck(username);
  const isPassword = createSecretCheck(password);
  return {
    wanted: "a user name and its password",
    noun: "user name or password",
    challenge: () => `Basic realm="${realm}", charset="UTF-8"`,
    check({ authorization }) {
      if (authorization === undefined) return "missing";
      const given = readBasic(authorization);
      if (given === undefined) return "wrong";
      const knowsPassword = isPassword(given.secret);
      return isUser(given.id) && knowsPassword ? ADMITTED : "wrong";
    },
  };
}

function apiKeyScheme(realm: string, { header, value }: { header: string; value: string }): Scheme {
  const isKey = createSecretCheck(value);
  const name = header.toLowerCase();
  return {
    wanted: `a key in the header ${header}`,
    noun: `key in the header ${header}`,
    // No scheme is registered for it, and every 401 needs a challenge (RFC 9110, 15.5.2).
    challenge: () => `ApiKey realm="${realm}"`,
    check(headers) {
      const given = headers[name];
      if (given === undefined) return "missing";
      return isKey(Array.isArray(given) ? given.join(", ") : given) ? ADMITTED : "wrong";
    },
  };
}
