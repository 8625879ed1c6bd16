// The control API as a web application: guards, bodies, problems; each operation is one row of the table.

import type { IncomingMessage, ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { redactedJson } from "../../history/redact-data.ts";
import { parseBody } from "../pipeline/body.ts";
import { problemReply } from "../pipeline/problem-details.ts";
import type { Reply } from "../pipeline-values.ts";
import type { ControlDesk } from "./control.ts";
import { ControlError } from "./control-error.ts";
import type { Guard } from "./guard.ts";
import { type Live, sendLive } from "./live.ts";
import { OPERATIONS, type Operation, routeOf } from "./operations.ts";
import { parseInput } from "./read-fault.ts";
import { readLimited } from "./read-limited.ts";

export interface AppOptions {
  control: ControlDesk;
  guard: Guard;
  /** Takes secrets out of what is answered. */
  redact: (text: string) => string;
  /** A bug of ours; the caller hears no more than that. */
  onBug: (cause: unknown) => void;
  heartbeatMs?: number | undefined;
}

export interface App {
  /** `bindings`: Node's own request and response. */
  fetch(request: Request, bindings: Env["Bindings"]): Response | Promise<Response>;
  /** Ends the live readers. */
  close(reason: string): void;
}

type Env = { Bindings: { incoming: IncomingMessage; outgoing: ServerResponse } };

export const CONTROL_BODY_LIMIT_BYTES = 65_536;
const MOST_LIVE_READERS = 32;

export function createApp({ control, guard, redact, onBug, heartbeatMs }: AppOptions): App {
  const readers = new Set<Live>();
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    const refused = guard(c.env.incoming.headers, c.req.path === "/health");
    if (refused) return answer(refused);
    return await next();
  });

  for (const operation of OPERATIONS) {
    app.on(operation.method.toUpperCase(), routeOf(operation), async (c) => {
      const query = operation.query ? parseInput(operation.query, queryOf(c)) : {};
      if (operation.answer === "events") return live(c, query);
      if (operation.answer === "openapi") return c.json((await import("./openapi.ts")).openApiDocument());
      const body = operation.method === "post" ? await readJson(c, operation) : undefined;
      const result = await operation.run(control, { params: c.req.param(), query, body });
      if (operation.status === 204) return c.body(null, 204);
      const text = redactedJson(result, redact);
      return c.body(text, operation.status, {
        "content-type": "application/json",
        "cache-control": "no-store",
      });
    });
  }

  app.notFound((c) => answer(notFound(c.req.path)));
  app.onError((cause) => {
    if (cause instanceof ControlError) return answer(refusalOf(cause));
    onBug(cause);
    return answer(problemReply(500, "neverfails itself failed here; its own output says more."));
  });

  function live(c: Context<Env>, query: Record<string, unknown>): Response {
    if (readers.size >= MOST_LIVE_READERS) {
      return answer(problemReply(503, `There are ${MOST_LIVE_READERS} live readers already.`));
    }
    const resumed = /^\d{1,15}$/.exec(c.req.header("last-event-id") ?? "")?.[0];
    const { window } = control;
    const after = resumed ? Number(resumed) : ((query.after as number | undefined) ?? window.newest);
    const options = { window, after, redact, ...(heartbeatMs !== undefined && { heartbeatMs }) };
    const reader: Live = sendLive(c.env.outgoing, options, () => readers.delete(reader));
    readers.add(reader);
    return RESPONSE_ALREADY_SENT;
  }

  return {
    fetch: (request, bindings) => app.fetch(request, bindings),
    close(reason) {
      for (const reader of readers) reader.end(reason);
    },
  };
}

/** A name that comes twice is a mistake, not a choice between two. */
function queryOf(c: Context): Record<string, unknown> {
  const entries = Object.entries(c.req.queries());
  const twice = entries.find(([, values]) => values.length > 1);
  if (twice) throw new ControlError(422, `${twice[0].slice(0, 80)} is given more than once`);
  return Object.fromEntries(entries.map(([name, [value]]) => [name, value]));
}

async function readJson(c: Context<Env>, { body: wanted }: Operation): Promise<unknown> {
  const bytes = await readLimited(c.req.raw.body, CONTROL_BODY_LIMIT_BYTES);
  if (bytes === undefined) {
    throw new ControlError(413, `The body is larger than ${CONTROL_BODY_LIMIT_BYTES} bytes.`);
  }
  if (bytes.length === 0) {
    if (wanted) throw new ControlError(400, "The body is empty.");
    return undefined;
  }
  const contentType = c.req.header("content-type");
  // A page of another site can send every other type without asking first.
  if (!/^application\/json\s*(?:;|$)/i.test(contentType ?? "")) {
    throw new ControlError(415, "The body must be application/json, and say so.");
  }
  const parsed = parseBody({ bytes, contentType, contentEncoding: c.req.header("content-encoding") });
  if (!parsed.ok) {
    const { status, detail } = JSON.parse(String(parsed.refusal.body)) as { status: number; detail: string };
    throw new ControlError(status, detail);
  }
  return parsed.value;
}

function notFound(path: string): Reply {
  const allowed = OPERATIONS.filter((operation) => fits(operation, path)).map(({ method }) => method);
  if (allowed.length === 0) return problemReply(404, "There is nothing here; see /openapi.json.");
  const methods = [
    ...allowed.map((method) => method.toUpperCase()),
    ...(allowed.includes("get") ? ["HEAD"] : []),
  ];
  const reply = problemReply(405, `Use ${methods.join(" or ")} here.`);
  return { ...reply, headers: { ...reply.headers, allow: methods.join(", ") } };
}

function fits({ path }: Operation, given: string): boolean {
  const segments = given.split("/");
  const pattern = path.split("/");
  return (
    pattern.length === segments.length &&
    pattern.every((segment, i) => (segment.startsWith("{") ? segments[i] !== "" : segment === segments[i]))
  );
}

function refusalOf({ status, message, mistakes }: ControlError): Reply {
  return problemReply(status, message, mistakes.length > 0 ? { errors: mistakes } : {});
}

function answer({ status, headers, body }: Reply): Response {
  return new Response(body as string, { status, headers });
}
