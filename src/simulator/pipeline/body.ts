// Request bodies as JSON values: application/json and its relatives, and HTML forms. Hostile names are left out.
import type { Reply } from "../pipeline-values.ts";
import { HOSTILE, parseForm } from "./form.ts";
import { nestsDeeper } from "./nesting.ts";
import { problemReply } from "./problem-details.ts";

export type ParsedBody = { ok: true; value: unknown; isForm: boolean } | { ok: false; refusal: Reply };

/** The bytes as they came, and what the headers say about them. */
export interface RawBody {
  bytes: Buffer;
  contentType: string | undefined;
  contentEncoding: string | undefined;
}

/** Refuses with 400 what does not parse, and with 415 what it does not understand. */
export function parseBody({ bytes, contentType = "", contentEncoding }: RawBody): ParsedBody {
  if (contentEncoding !== undefined && contentEncoding !== "identity") {
    return {
      ok: false,
      refusal: problemReply(415, `The content coding ${contentEncoding} is not understood.`),
    };
  }
  switch (formatOf(contentType)) {
    case "json":
      return parseJson(bytes);
    case "form":
      return { ok: true, value: parseForm(bytes.toString("utf8")), isForm: true };
    case "unknown":
      return {
        ok: false,
        refusal: problemReply(415, `Expected application/json, got ${contentType.slice(0, 100)}.`),
      };
  }
}

function formatOf(contentType: string): "json" | "form" | "unknown" {
  // Nearly every request says exactly this; a request that says nothing is held to be JSON.
  if (contentType === "application/json" || contentType === "") return "json";
  const essence = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (/^application\/(?:[\w.-]+\+)?json$/.test(essence)) return "json";
  return essence === "application/x-www-form-urlencoded" ? "form" : "unknown";
}

/** What is deeper could not be written as JSON again without running out of stack. */
const DEEPEST = 200;

function parseJson(bytes: Buffer): ParsedBody {
  if (nestsDeeper(bytes, DEEPEST)) {
    return { ok: false, refusal: problemReply(400, `The body nests deeper than ${DEEPEST} levels.`) };
  }
  const text = bytes.toString("utf8");
  try {
    // The name may also be written with escapes.
    const mayBeHostile = text.includes(HOSTILE) || text.includes("\\u00");
    const value: unknown = mayBeHostile ? JSON.parse(text, withoutHostile) : JSON.parse(text);
    return { ok: true, value, isForm: false };
  } catch {
    return { ok: false, refusal: problemReply(400, "The body is not valid JSON.") };
  }
}

function withoutHostile(name: string, value: unknown): unknown {
  return name === HOSTILE ? undefined : value;
}
