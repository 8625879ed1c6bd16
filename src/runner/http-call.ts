// Calls to the system as the files describe them: templates in, a bounded reply out.
import { type Dispatcher, request } from "undici";
import type { Scope } from "../lib/expression.ts";
import { compileTemplate, type Template } from "../lib/template.ts";
import type { Call } from "../scenarios/types.ts";

/** What expressions see as `response`, or as `status`, `headers` and `body` beside it. */
export interface CallReply {
  status: number;
  headers: Record<string, string>;
  /** Parsed when the answer is JSON, text otherwise. */
  body: unknown;
}

export interface CompiledCall {
  /** Renders and sends. Rejects when no answer comes (refused, reset, timeout, abort) or a name is unknown. */
  send(options: SendOptions): Promise<CallReply & { sent: unknown }>;
}

export interface SendOptions {
  baseUrl: string;
  scope: Scope;
  timeoutMs: number;
  dispatcher?: Dispatcher;
  signal?: AbortSignal;
}

/** Larger answers are cut off: nothing that we look at is that large. */
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

export function compileCall(call: Call): CompiledCall {
  const path = compileTemplate(call.path);
  const headers = compileTemplate(call.headers);
  const body = compileBody(call);
  return {
    async send({ baseUrl, scope, timeoutMs, dispatcher, signal }) {
      const [target, extra, sent] = await Promise.all([
        path.render(scope),
        headers.render(scope),
        body.template.render(scope),
      ]);
      const timeout = AbortSignal.timeout(timeoutMs);
      const reply = await request(new URL(String(target), baseUrl), {
        method: call.method,
        headers: { ...body.headers, ...(extra as Record<string, string>) },
        body: body.encode(sent),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(dispatcher && { dispatcher }),
      });
      const text = await readBounded(reply.body);
      return {
        status: reply.statusCode,
        headers: flatten(reply.headers),
        body: parseBody(text, reply.headers["content-type"]),
        sent,
      };
    },
  };
}

interface CompiledBody {
  template: Template;
  headers: Record<string, string>;
  encode(rendered: unknown): string | null;
}

function compileBody({ json, form, body }: Call): CompiledBody {
  if (json !== undefined) {
    return {
      template: compileTemplate(json),
      headers: { "content-type": "application/json" },
      encode: JSON.stringify,
    };
  }
  if (form !== undefined) {
    return {
      template: compileTemplate(form),
      headers: { "content-type": "application/x-www-form-urlencoded" },
      encode: (fields) =>
        new URLSearchParams(
          Object.entries(fields as object).map(([name, value]): [string, string] => [name, String(value)]),
        ).toString(),
    };
  }
  return {
    template: compileTemplate(body ?? null),
    headers: body === undefined ? {} : { "content-type": "text/plain" },
    encode: (text) => (text === null ? null : String(text)),
  };
}

async function readBounded(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_REPLY_BYTES) throw new Error(`the answer is larger than ${MAX_REPLY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseBody(text: string, contentType: string | string[] | undefined): unknown {
  if (!String(contentType ?? "").includes("json")) return text;
  try {
    return JSON.parse(text);
  } catch {
    // Announced as JSON but is none: expressions then see the text, and a state that cannot be read is reported.
    return text;
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}
