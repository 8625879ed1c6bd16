// Security schemes of a document as the contract's `auth:`, with credentials made up for tests.
import type { Assume } from "./assumption.ts";
import type { OpenApiDocument } from "./document.ts";
import { asList, asMap, asText, type Json } from "./json.ts";
import type { Operation } from "./operations.ts";

/** Undefined: requests need none. The first requirement that can be checked is taken. */
export function authOf(document: OpenApiDocument, submit: Operation, assume: Assume): Json | undefined {
  const requirements = asList(submit.value.security ?? document.data.security).map(asMap);
  const schemes = asMap(asMap(document.data.components).securitySchemes);
  if (requirements.length === 0) return undefined;
  if (requirements.some((requirement) => Object.keys(requirement).length === 0)) return undefined;
  const named = requirements.flatMap((requirement) => Object.keys(requirement));
  for (const name of named) {
    const auth = toAuth(asMap(document.resolve(schemes[name])), slug(document));
    if (auth === undefined) continue;
    assume(
      "auth",
      auth,
      "the document cannot know credentials: these are made up, and only this partner takes them",
    );
    return auth;
  }
  assume(
    "auth",
    "none",
    `the security scheme ${named.join(", ")} cannot be checked here, so every request is let in`,
  );
  return undefined;
}

function toAuth(scheme: Json, name: string): Json | undefined {
  const secret = `${name}-test-secret`;
  switch (scheme.type) {
    case "http":
      if (String(scheme.scheme).toLowerCase() === "basic")
        return { basic: { username: name, password: secret } };
      return String(scheme.scheme).toLowerCase() === "bearer" ? { bearer: `${name}-test-token` } : undefined;
    case "apiKey":
      if (scheme.in !== "header") return undefined;
      return { apiKey: { header: String(scheme.name).toLowerCase(), value: `${name}-test-key` } };
    case "oauth2": {
      const tokenUrl = asText(asMap(asMap(scheme.flows).clientCredentials).tokenUrl);
      if (tokenUrl === undefined) return { bearer: `${name}-test-token` };
      return {
        oauth2: { tokenPath: pathOf(tokenUrl), clientId: name, clientSecret: secret, expiresIn: "1h" },
      };
    }
    case "openIdConnect":
      return { bearer: `${name}-test-token` };
    default:
      return undefined;
  }
}

function pathOf(url: string): string {
  return URL.canParse(url, "http://partner") ? new URL(url, "http://partner").pathname : "/oauth/token";
}

function slug(document: OpenApiDocument): string {
  const title = String(asMap(document.data.info).title ?? "");
  return (
    title
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter(Boolean)[0] ?? "partner"
  );
}
