// An alert by e-mail: what people would read in it, whether it closes one, and what ties it to others. Pure but for the parser.
import { compileExpression } from "../../lib/expression.ts";
import type { Channel } from "../../scenarios/types.ts";
import { isAllClear } from "./all-clear.ts";
import type { Message } from "./message.ts";
import { subjectOf } from "./open-alerts.ts";

/** What a mapping sees as `body`. */
export interface Mail {
  subject: string;
  text: string;
  html: string;
  from: string;
  to: string[];
  /** By name in lower case; of several with one name the first. */
  headers: Record<string, string>;
}

/** Longer messages are refused. Bytes. */
export const MAIL_LIMIT = 1024 * 1024;

/** Reads a message as it came over the wire (RFC 5322, MIME). A message that is none is read as its text. */
export async function parseMail(raw: Uint8Array): Promise<Mail> {
  // Loaded when the first message comes: most systems send none.
  const { default: PostalMime } = await import("postal-mime");
  const { subject, text, html, from, to, headers } = await PostalMime.parse(raw);
  const byName = headers.map(({ key, value }) => [key, value] as const).reverse();
  return {
    subject: subject ?? "",
    // The line break that ends every message says nothing.
    text: (text ?? "").trimEnd(),
    html: html ?? "",
    from: from?.address ?? "",
    to: (to ?? []).flatMap(({ address }) => (address === undefined ? [] : [address])),
    headers: Object.fromEntries(byName),
  };
}

export type ReadMail = (mail: Mail) => Promise<Message>;

/** Compiles a channel's mapping. Throws ExpressionError when one of its expressions does not parse. */
export function mailReader(mapping: Channel["mapping"] = {}): ReadMail {
  const compiled = Object.fromEntries(
    Object.entries(mapping).map(([name, source]) => [name, compileExpression(source)]),
  );
  const find = async (name: keyof NonNullable<Channel["mapping"]>, body: Mail): Promise<unknown> => {
    try {
      return await compiled[name]?.evaluate({ values: { body } });
    } catch {
      // An alert that the mapping cannot read is still an alert; losing it would accuse the system wrongly.
      return undefined;
    }
  };
  return async (mail) => {
    const [resolved, dedup, severity, said] = await Promise.all([
      find("resolved", mail),
      find("dedup", mail),
      find("severity", mail),
      find("text", mail),
    ]);
    const text = typeof said === "string" && said !== "" ? said : readable(mail);
    const isOver = typeof resolved === "boolean" ? resolved : isAllClear(mail.subject);
    const key = isName(dedup) ? String(dedup) : undefined;
    // Mail knows no key: one with the same subject continues a thread; its end may say it in other words.
    if (isOver) return { kind: "resolve", text, ...(key !== undefined && { dedup: key }) };
    const thread = key ?? (subjectOf(mail.subject) || undefined);
    return {
      kind: "fire",
      text,
      ...(thread !== undefined && { dedup: thread }),
      ...(isName(severity) && { severity: String(severity).toLowerCase() }),
    };
  };
}

/** Subject and both bodies; an HTML part that only repeats the plain one is left out. */
function readable({ subject, text, html }: Mail): string {
  const plain = text.trim();
  const shown = withoutTags(html);
  const same = (a: string, b: string) => a.replace(/\s+/g, "") === b.replace(/\s+/g, "");
  const parts = [subject.trim(), plain, same(plain, shown) ? "" : shown];
  return parts.filter((part) => part !== "").join("\n");
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** What a mail program shows of it, roughly: enough to find names. */
function withoutTags(html: string): string {
  return withoutElements(html)
    .replace(/<[^<>]*>/g, " ")
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,10}));/gi, (whole, decimal, hex, name) =>
      name === undefined
        ? character(Number.parseInt(decimal ?? hex, decimal ? 10 : 16))
        : (ENTITIES[name] ?? whole),
    )
    .replace(/[^\S\n]+/g, " ")
    .trim();
}

/** Nobody reads styles, scripts and the head. One pass: a message may be long and is not ours. */
function withoutElements(html: string): string {
  const kept: string[] = [];
  const lower = html.toLowerCase();
  let at = 0;
  for (const { 1: element = "", index } of lower.matchAll(/<(style|script|head)\b/g)) {
    if (index < at) continue;
    kept.push(html.slice(at, index), " ");
    const end = lower.indexOf(`</${element}`, index);
    at = end === -1 ? html.length : end;
  }
  return kept.join("") + html.slice(at);
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

function isName(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}
