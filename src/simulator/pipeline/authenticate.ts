// Who may ask: the credentials that the contract demands, or a 401 that says so (RFC 9110, 11.6.1).
import type { Contract } from "../contract/contract.ts";
import type { Reply } from "../pipeline-values.ts";
import { problemReply } from "./problem-details.ts";

/** The refusal of a request with this Authorization header; undefined when it is let in. */
export type Authenticate = (authorization: string | undefined) => Reply | undefined;

export function createAuthenticate({ auth, name }: Pick<Contract, "auth" | "name">): Authenticate {
  if (auth === undefined) return () => undefined;
  const realm = name.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "");
  const expected = `Bearer ${auth.bearer}`;
  const missing = unauthorized(`Bearer realm="${realm}"`, "This partner wants a bearer token.");
  const wrong = unauthorized(
    `Bearer realm="${realm}", error="invalid_token"`,
    "The bearer token is not valid.",
  );
  return (authorization) => {
    if (authorization === expected) return undefined;
    if (authorization === undefined) return missing;
    // The name of the scheme is case-insensitive (RFC 9110, 11.1).
    const [scheme = "", token = ""] = authorization.trim().split(/ +/);
    return scheme.toLowerCase() === "bearer" && token === auth.bearer ? undefined : wrong;
  };
}

function unauthorized(challenge: string, detail: string): Reply {
  const reply = problemReply(401, detail);
  return { ...reply, headers: { ...reply.headers, "www-authenticate": challenge } };
}
