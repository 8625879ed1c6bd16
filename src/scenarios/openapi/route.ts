// Paths of a document as the contract's: below the server's base path, with `:name` for a parameter.

import type { OpenApiDocument } from "./document.ts";
import { asList, asMap, asText } from "./json.ts";
import type { Operation } from "./operations.ts";

/** The path of the first server; empty at the root. */
export function basePathOf({ data }: OpenApiDocument): string {
  const server = asMap(asList(data.servers)[0]);
  const url = (asText(server.url) ?? "/").replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
    String(asMap(asMap(server.variables)[name]).default ?? name),
  );
  return URL.canParse(url, "http://partner")
    ? new URL(url, "http://partner").pathname.replace(/\/+$/, "")
    : "";
}

/** Undefined: a parameter that is only part of a segment. `id`: the parameter that becomes `:id`. */
export function toRoute(base: string, { route }: Operation, id?: string): string | undefined {
  const segments = `${base}${route}`.split("/").map((segment) => {
    const name = /^\{([^{}]+)\}$/.exec(segment)?.[1];
    if (name !== undefined) return name === id ? ":id" : `:${otherName(name)}`;
    return /[{}]/.test(segment) ? undefined : segment;
  });
  return segments.includes(undefined) ? undefined : segments.join("/");
}

/** The name `id` is taken: it stands for the submission. */
function otherName(name: string): string {
  return name === "id" ? "other_id" : name.replaceAll(/\W/g, "_");
}

/** Without a custom method: `/v1/orders:submit` → `/v1/orders`. */
export function withoutVerb(route: string): string {
  return route.replace(/:\w+$/, "");
}

/** `/v1/claims/{claimId}/status` → claimId. */
export function lastParameter({ route }: Operation): string | undefined {
  return [...route.matchAll(/\{([^{}]+)\}/g)].at(-1)?.[1];
}

/** What is submitted, in the singular and plain: `/v1/background-checks` → backgroundcheck. */
export function resourceOf({ route }: Operation): string {
  const last =
    withoutVerb(route)
      .split("/")
      .findLast((part) => /^\w/.test(part)) ?? "";
  const plain = last.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return plain.replace(/ies$/, "y").replace(/(?<=[^s])s$/, "");
}
