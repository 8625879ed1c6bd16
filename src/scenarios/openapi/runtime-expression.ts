// Runtime expressions of callbacks ({$request.body#/callbackUrl}) as the contract's own (OpenAPI 3.1, "Runtime Expressions").
import { pointerPath } from "./pointer.ts";

export type Address = { ok: true; to: string; isLiteral: boolean } | { ok: false; unknown: string };

const EXPRESSION = /\{(\$[^{}]+)\}/g;

/** `callback.to` for the key of a callback object. `isLiteral`: a fixed address, which belongs to nobody here. */
export function toAddress(key: string): Address {
  const bare = key.startsWith("$") ? `{${key}}` : key;
  const unknown = [...bare.matchAll(EXPRESSION)]
    .map((match) => match[1] ?? "")
    .find((text) => !translate(text));
  if (unknown !== undefined) return { ok: false, unknown };
  const whole = /^\{(\$[^{}]+)\}$/.exec(bare)?.[1];
  if (whole !== undefined) return { ok: true, to: translate(whole) ?? "", isLiteral: false };
  const to = bare.replaceAll(EXPRESSION, (_, text: string) => `{{ ${translate(text) ?? ""} }}`);
  return { ok: true, to, isLiteral: to === bare };
}

function translate(text: string): string | undefined {
  const [, place = "", rest = ""] = /^\$request\.(body|query|header|path)(.*)$/.exec(text) ?? [];
  switch (place) {
    case "body":
      return rest === "" ? "body" : names("body", pointerPath(rest.replace(/^#/, "")));
    case "query":
      return names("query", [rest.slice(1)]);
    case "header":
      return names("headers", [rest.slice(1).toLowerCase()]);
    case "path":
      return undefined;
    default:
      return /^\$response\.body#\/(?:\w+\/)*\w*id$/i.test(text) ? "submission.id" : undefined;
  }
}

/** Names that are no plain words stand in backquotes, as JSONata wants them; numbers index a list. */
export function names(root: string, path: readonly string[]): string {
  return path.reduce((text, name) => {
    if (/^\d+$/.test(name)) return `${text}[${name}]`;
    return /^[A-Za-z_]\w*$/.test(name) ? `${text}.${name}` : `${text}.\`${name}\``;
  }, root);
}
