// The token desk: hands out access tokens to the client that the contract knows (RFC 6749, 4.4 and 5).
import type { HistoryLog } from "../../history/history.ts";
import type { Auth } from "../contract/auth.ts";
import { parseBody } from "../pipeline/body.ts";
import type { Answer, Desk, Request } from "../pipeline/exchange.ts";
import type { Reply } from "../pipeline-values.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { createClientCheck, presentedClient } from "./client.ts";

export interface TokenDeskOptions {
  oauth2: Extract<Auth, { oauth2: unknown }>["oauth2"];
  tokens: AccessTokens;
  history: HistoryLog;
  /** As it stands in challenges. */
  realm: string;
}

/** RFC 6749, 5.2. */
type TokenError = "invalid_request" | "invalid_client" | "unsupported_grant_type";

const PARAMETERS = ["grant_type", "client_id", "client_secret"] as const;
type Parameters = Partial<Record<(typeof PARAMETERS)[number], string>>;

export function createTokenDesk({ oauth2, tokens, history, realm }: TokenDeskOptions): Desk {
  const isClient = createClientCheck({ id: oauth2.clientId, secret: oauth2.clientSecret });
  let requests = 0;

  return (request): Answer => {
    requests += 1;
    const id = `t${requests}`;
    const parameters = readParameters(request);
    if (typeof parameters === "string") return refuse(id, "invalid_request", parameters);
    const presented = presentedClient(request.headers, parameters);
    if (presented.kind === "unusable" && presented.by === "both")
      return refuse(id, "invalid_request", "The client is to be proved in one way, not in two.");
    if (presented.kind !== "presented" || !isClient(presented.client))
      return refuse(id, "invalid_client", "The client is not known, or its secret is wrong.");
    const { grant_type: grant } = parameters;
    if (grant === undefined) return refuse(id, "invalid_request", "grant_type is missing.");
    if (grant !== "client_credentials")
      return refuse(id, "unsupported_grant_type", "Only client_credentials is granted here.");
    return issue(id);
  };

  function issue(request: string): Answer {
    const { expiresInSeconds } = tokens;
    const reply = tokenReply(200, {
      access_token: tokens.issue(),
      token_type: "Bearer",
      expires_in: expiresInSeconds,
    });
    const expiresInMs = oauth2.expiresIn;
    return {
      reply,
      onReplied: () => void history.append({ source: "partner", kind: "token.issued", request, expiresInMs }),
    };
  }

  function refuse(request: string, error: TokenError, description: string): Answer {
    const status = error === "invalid_client" ? 401 : 400;
    const plain = tokenReply(status, { error, error_description: description });
    const reply =
      status === 401
        ? { ...plain, headers: { ...plain.headers, "www-authenticate": `Basic realm="${realm}"` } }
        : plain;
    return {
      reply,
      onReplied: () =>
        void history.append({ source: "partner", kind: "token.refused", request, status, error }),
    };
  }
}

/** The parameters of the form; a sentence about what is wrong with it. */
function readParameters({ headers, body }: Request): Parameters | string {
  const parsed = parseBody({
    bytes: body,
    contentType: headers["content-type"],
    contentEncoding: headers["content-encoding"],
  });
  if (!parsed.ok || !parsed.isForm) return "Expected a form: application/x-www-form-urlencoded.";
  const given = parsed.value as Record<string, string | string[]>;
  const parameters: Parameters = {};
  for (const name of PARAMETERS) {
    const value = given[name];
    if (Array.isArray(value)) return `${name} stands there more than once.`;
    // One without a value counts as left out (RFC 6749, 3.2).
    if (value) parameters[name] = value;
  }
  return parameters;
}

function tokenReply(status: number, json: Record<string, unknown>): Reply {
  return {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", pragma: "no-cache" },
    body: JSON.stringify(json),
    delayMs: 0,
    ending: "complete",
  };
}
