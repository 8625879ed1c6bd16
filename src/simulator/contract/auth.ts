// `auth:` of the contract: how the partner wants to be convinced that it knows the caller.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";

const tokenSchema = z
  .string()
  .regex(/^[\w.~+/-]+=*$/, "expected a token of letters, digits and -._~+/ (RFC 6750)");

/** What a header may carry: visible characters, with spaces between them. */
const headerValueSchema = z
  .string()
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, "expected visible ASCII characters");

const usernameSchema = z
  .string()
  .min(1)
  .regex(/^[^:\p{Cc}]*$/u, "must not hold a colon or control characters (RFC 7617)");

const clientTextSchema = z
  .string()
  .min(1)
  .regex(/^[\x20-\x7e]*$/, "expected printable ASCII characters (RFC 6749, appendix A)");

const oauth2Schema = z.strictObject({
  tokenPath: z
    .string()
    .regex(/^\/[^\s?#:]*$/, "expected a path that begins with / and holds no query, such as /oauth/token")
    .default("/oauth/token")
    .meta({ description: "Where tokens are asked for: POST, grant_type=client_credentials (RFC 6749, 4.4)" }),
  clientId: clientTextSchema,
  clientSecret: clientTextSchema,
  expiresIn: durationSchema
    .refine((ms) => ms >= 1_000, "must be at least 1s: the reply says it in whole seconds")
    .prefault("1h")
    .meta({ description: "How long a token is good: a duration such as 10m" }),
});

export const authSchema = z
  .union([
    z.strictObject({ bearer: tokenSchema }),
    z.strictObject({
      basic: z.strictObject({ username: usernameSchema, password: z.string().min(1) }),
    }),
    z.strictObject({
      apiKey: z.strictObject({
        header: z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, "is no header name"),
        value: headerValueSchema,
      }),
    }),
    z.strictObject({ oauth2: oauth2Schema }),
  ])
  .meta({ description: "Requests without it get 401" });

export type Auth = z.output<typeof authSchema>;

/** What expressions know of the partner's credentials; empty texts where they do not apply. */
export interface CredentialNames {
  /** The bearer token or the value of the API key. */
  token: string;
  username: string;
  password: string;
  clientId: string;
  clientSecret: string;
  /** Absolute. */
  tokenUrl: string;
}

/** `baseUrl`: of the partner, without a slash at its end. */
export function credentialNames(auth: Auth | undefined, baseUrl: string): CredentialNames {
  const none = { token: "", username: "", password: "", clientId: "", clientSecret: "", tokenUrl: "" };
  if (auth === undefined) return none;
  if ("bearer" in auth) return { ...none, token: auth.bearer };
  if ("basic" in auth) return { ...none, ...auth.basic };
  if ("apiKey" in auth) return { ...none, token: auth.apiKey.value };
  const { clientId, clientSecret, tokenPath } = auth.oauth2;
  return { ...none, clientId, clientSecret, tokenUrl: `${baseUrl}${tokenPath}` };
}

/**
 * Every text that gives access, in each form in which it travels. Names of users and clients are no secrets
 * (RFC 6749, 2.2), and hiding them would blot out innocent words.
 */
export function credentialSecrets(auth: Auth | undefined): string[] {
  const { token, username, password, clientId, clientSecret } = credentialNames(auth, "");
  return [
    token,
    password,
    clientSecret,
    ...(password === "" ? [] : [basicCredentials(username, password)]),
    ...(clientSecret === ""
      ? []
      : [
          basicCredentials(clientId, clientSecret),
          basicCredentials(encodeURIComponent(clientId), encodeURIComponent(clientSecret)),
        ]),
  ].filter((secret) => secret !== "");
}

/** What stands after `Basic ` (RFC 7617). */
function basicCredentials(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`).toString("base64");
}
