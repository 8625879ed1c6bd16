// What an operation says about a message: its JSON schema, an example, its status.
import type { OpenApiDocument } from "./document.ts";
import { asMap, type Json } from "./json.ts";
import type { Operation } from "./operations.ts";
import { outlineOf } from "./outline.ts";
import { type Direction, standaloneSchema } from "./standalone.ts";

export interface Message {
  /** Undefined: the document says nothing about the content. */
  schema: Json | undefined;
  /** The schema, or what the example shows where there is none. */
  outline: Json | undefined;
  example: unknown;
  isForm: boolean;
}

/** Undefined: there is no body. `unreadable`: only media types that are no JSON and no form. */
export function requestOf(
  document: OpenApiDocument,
  { value }: Operation,
): Message | { unreadable: string[] } | undefined {
  const body = document.resolve(value.requestBody);
  return body === undefined ? undefined : messageOf(document, asMap(body).content, "request");
}

export interface ReplyMessage extends Message {
  status: number;
  /** Names of documented headers, lower case. */
  headers: string[];
}

/** The first reply that means success. */
export function replyOf(document: OpenApiDocument, { value }: Operation): ReplyMessage | undefined {
  const responses = asMap(value.responses);
  const code = Object.keys(responses)
    .filter((key) => /^2(\d\d|XX)$/i.test(key))
    .toSorted()[0];
  if (code === undefined) return undefined;
  const response = asMap(document.resolve(responses[code]));
  const message = messageOf(document, response.content, "response");
  const nothing = { schema: undefined, outline: undefined, example: undefined, isForm: false };
  return {
    ...(message === undefined || "unreadable" in message ? nothing : message),
    status: /^\d+$/.test(code) ? Number(code) : 202,
    headers: Object.keys(asMap(response.headers)).map((name) => name.toLowerCase()),
  };
}

function messageOf(
  document: OpenApiDocument,
  content: unknown,
  direction: Direction,
): Message | { unreadable: string[] } | undefined {
  const types = Object.entries(asMap(content));
  if (types.length === 0) return undefined;
  const json = types.find(([type]) => /^(application\/([\w.-]+\+)?json\b|\*\/\*)/.test(type));
  const form = types.find(([type]) => type.startsWith("application/x-www-form-urlencoded"));
  const found = json ?? form;
  if (!found) return { unreadable: types.map(([type]) => type) };
  const media = asMap(found[1]);
  const [listed] = Object.values(asMap(media.examples));
  const schema = media.schema === undefined ? undefined : standaloneSchema(document, media.schema, direction);
  const example = media.example ?? asMap(document.resolve(listed)).value;
  return {
    schema,
    outline: outlineOf(schema, example),
    example,
    isForm: json === undefined,
  };
}
