// Who asks for a token: the client's name and secret, by Basic header or in the body (RFC 6749, 2.3.1).
import type { IncomingHttpHeaders } from "node:http";
import { createSecretCheck, type SecretCheck } from "./secret-check.ts";

export interface ClientCredentials {
  id: string;
  secret: string;
}

export type Presented =
  | { kind: "presented"; client: ClientCredentials; by: "header" | "body" }
  | { kind: "none" }
  /** More than one method, or a header that cannot be read. */
  | { kind: "unusable"; by: "header" | "both" };

/** `body`: the parameters of the form. */
export function presentedClient(
  { authorization }: Pick<IncomingHttpHeaders, "authorization">,
  body: { client_id?: string | undefined; client_secret?: string | undefined },
): Presented {
  const { client_id: id, client_secret: secret } = body;
  if (authorization === undefined) {
    return id === undefined || secret === undefined
      ? { kind: "none" }
      : { kind: "presented", client: { id, secret }, by: "body" };
  }
  if (secret !== undefined) return { kind: "unusable", by: "both" };
  const client = readBasic(authorization);
  return client ? { kind: "presented", client, by: "header" } : { kind: "unusable", by: "header" };
}

/** User and password of a Basic header (RFC 7617); undefined when it is none. */
export function readBasic(authorization: string): ClientCredentials | undefined {
  const [, encoded] = /^basic +([\w+/=-]+) *$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : { id: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** True for the right client, whether its header was form-encoded as the RFC wants it or bare as many send it. */
export function createClientCheck(expected: ClientCredentials): (given: ClientCredentials) => boolean {
  const isId = createSecretCheck(expected.id);
  const isSecret = createSecretCheck(expected.secret);
  const isEither = (check: SecretCheck, text: string) => check(text) || check(formDecoded(text));
  return ({ id, secret }) => {
    const knowsSecret = isEither(isSecret, secret);
    return isEither(isId, id) && knowsSecret;
  };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
