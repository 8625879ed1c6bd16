// The control API on its own port. Imported after the partner listens: what it needs takes longer to load than the partner.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { addressOf, isLoopback } from "../../lib/address.ts";
import { UserError } from "../../lib/problem.ts";
import { createRedactor } from "../../lib/redact.ts";
import { problemReply } from "../pipeline/problem-details.ts";
import { createApp } from "./app.ts";
import type { ControlDesk } from "./control.ts";
import { createGuard } from "./guard.ts";

export interface ControlServerOptions {
  control: ControlDesk;
  /** Default 127.0.0.1. */
  host?: string | undefined;
  /** Default: any free port. */
  port?: number | undefined;
  /** Asked for when it is given; beyond loopback one is generated. */
  token?: string | undefined;
  /** Never answered, whatever is asked. */
  secrets: readonly string[];
  /** A bug of ours. Default: a warning of the process. */
  onBug?: ((cause: unknown) => void) | undefined;
  heartbeatMs?: number | undefined;
  slowClientMs?: number | undefined;
}

export interface ControlServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Undefined: none is asked for. */
  readonly token: string | undefined;
  close(): Promise<void>;
}

interface NodeBindings {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

const SLOW_CLIENT_MS = 10_000;
const MOST_CONNECTIONS = 256;

/** Rejects with UserError when the port is taken or the host is none of this machine. */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const { control, host = "127.0.0.1", slowClientMs = SLOW_CLIENT_MS, heartbeatMs } = options;
  const token = options.token ?? (isLoopback(host) ? undefined : randomBytes(24).toString("base64url"));
  let listener: ReturnType<typeof getRequestListener> | undefined;
  const server = createServer(
    {
      headersTimeout: slowClientMs,
      requestTimeout: slowClientMs,
      connectionsCheckingInterval: Math.ceil(slowClientMs / 8),
      maxHeaderSize: 16_384,
    },
    (request, response) => void listener?.(request, response),
  );
  server.maxConnections = MOST_CONNECTIONS;
  const port = await listen(server, host, options.port ?? 0);
  const app = createApp({
    control,
    guard: createGuard({ host, port, token }),
    redact: createRedactor([...options.secrets, ...(token === undefined ? [] : [token])].flatMap(spellings)),
    onBug: options.onBug ?? ((cause) => process.emitWarning(cause instanceof Error ? cause : String(cause))),
    heartbeatMs,
  });
  listener = getRequestListener((request, bindings) => app.fetch(request, bindings as NodeBindings), {
    overrideGlobalObjects: false,
    errorHandler: () => {
      const { status, headers, body } = problemReply(400, "The request is malformed.");
      return new Response(String(body), { status, headers });
    },
  });
  const close = async () => {
    app.close("the partner was closed");
    control.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      // Live readers get to hear why; whoever does not take it is cut off.
      setTimeout(() => server.closeAllConnections(), 50);
    });
  };
  return { url: addressOf(host, port), port, token, close, [Symbol.asyncDispose]: close };
}

/** As it is, and as JSON writes it. */
function spellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1)];
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const known = ["EADDRINUSE", "EACCES", "EADDRNOTAVAIL", "ENOTFOUND"].includes(cause.code ?? "");
      const message = `the control API cannot listen on ${host}, port ${port} (${cause.code})`;
      const hint = "choose another port or host, or stop what uses it";
      reject(known ? new UserError([{ file: "control", path: "port", message, hint }], { cause }) : cause);
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
