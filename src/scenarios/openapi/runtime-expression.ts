// Runtime expressions of callbacks ({$request.body#/callbackUrl}) as the contract's own (OpenAPI 3.1, "Runtime Expressions").
import { pointerPath } from "./pointer.ts";

/** A part of the request that the caller writes. */
export type RequestPart = { kind: "body"; path: string[] } | { kind: "query" | "header"; name: string };

export type Address =
  /** The caller says it in `place`. `hasMore`: something is put behind what the caller said. */
  | { kind: "told"; to: string; place: RequestPart | undefined; hasMore: boolean }
  /** An address that belongs to somebody else, or to nobody: the same path of the system, known up to `path`. */
  | { kind: "fixed"; to: string; path: string; hasMore: boolean }
  | { kind: "unknown"; expression: string };

const EXPRESSION = /\{(\$[^{}]+)\}/g;
/** Scheme and host, where expressions may stand as well. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:\{[^{}]*\}|[^/?#{}])*/i;

/** What the key of a callback object says about where results go. */
export function toAddress(key: string): Address {
  const bare = key.startsWith("$") ? `{${key}}` : key;
  const expressions = [...bare.matchAll(EXPRESSION)].map((match) => match[1] ?? "");
  const expression = expressions.find((text) => !translate(text));
  if (expression !== undefined) return { kind: "unknown", expression };
  const toTemplate = (part: string) =>
    part.replaceAll(EXPRESSION, (_, text: string) => `{{ ${translate(text)?.source ?? ""} }}`);
  const [first = ""] = expressions;
  if (first !== "" && bare.startsWith(`{${first}}`)) {
    const { source = "", place } = translate(first) ?? {};
    const hasMore = bare !== `{${first}}`;
    return { kind: "told", to: hasMore ? toTemplate(bare) : source, place, hasMore };
  }
  const below = bare.replace(ORIGIN, "").replace(/^\/?/, "/");
  const literal = below.slice(0, below.search(/\{\$|$/));
  const path = URL.canParse(literal, "http://system") ? new URL(literal, "http://system").pathname : "/";
  const rest = toTemplate(below.slice(literal.length));
  const query = literal.includes("?") ? literal.slice(literal.indexOf("?")) : "";
  return {
    kind: "fixed",
    to: `{{ system.url }}${path}${query}${rest}`,
    path,
    hasMore: rest !== "" && query === "",
  };
}

interface Translated {
  /** As the contract writes it. */
  source: string;
  place: RequestPart | undefined;
}

function translate(text: string): Translated | undefined {
  const [, kind = "", rest = ""] = /^\$request\.(body|query|header|path)(.*)$/.exec(text) ?? [];
  const name = rest.slice(1);
  switch (kind) {
    case "body": {
      const path = pointerPath(rest.replace(/^#/, ""));
      return { source: names("body", path), place: path.length === 0 ? undefined : { kind, path } };
    }
    case "query":
      return { source: names("query", [name]), place: { kind, name } };
    case "header":
      return { source: names("headers", [name.toLowerCase()]), place: { kind, name: name.toLowerCase() } };
    case "path":
      return undefined;
    default:
      return /^\$response\.body#\/(?:\w+\/)*\w*id$/i.test(text)
        ? { source: "submission.id", place: undefined }
        : undefined;
  }
}

/** Names that are no plain words stand in backquotes, as JSONata wants them; numbers index a list. */
export function names(root: string, path: readonly string[]): string {
  return path.reduce((text, name) => {
    if (/^\d+$/.test(name)) return `${text}[${name}]`;
    return /^[A-Za-z_]\w*$/.test(name) ? `${text}.${name}` : `${text}.\`${name}\``;
  }, root);
}
