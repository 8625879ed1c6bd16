// The partner's listening socket: open, refused (nothing listens) or resetting whoever connects, always on the same port.
import { createServer, type RequestListener, type Server } from "node:http";
import { sleep } from "../../lib/wait.ts";

export type Listening = "open" | "refused" | "reset-on-accept";

export interface Listener {
  /** Begins to listen; rejects when the port is taken. */
  open(): Promise<void>;
  /** Changes how connections are met. Connections that exist are cut, unless they may stay. */
  become(listening: Listening): Promise<void>;
  close(): Promise<void>;
}

export interface ListenerOptions {
  host: string;
  port: number;
  onRequest: RequestListener;
  /** A client that needs longer than this for its headers and its body is cut off (408). Default 15 s. */
  slowClientMs?: number;
}

const SLOW_CLIENT_MS = 15_000;
/** Node looks for slow clients this many times within their time. */
const LOOKS = 8;
/** Longer than clients keep idle connections, so that none is closed under a request: that would be an unplanned fault. */
const KEEP_ALIVE_MS = 75_000;
const REOPEN_TRIES = 40;
const REOPEN_EVERY_MS = 50;

export function createListener({
  host,
  port,
  onRequest,
  slowClientMs = SLOW_CLIENT_MS,
}: ListenerOptions): Listener {
  const closing = new AbortController();
  let state: Listening = "open";
  /** Changes happen one after another: a port cannot be opened while it is being closed. */
  let changes: Promise<void> = Promise.resolve();
  const server = createServer(
    {
      headersTimeout: slowClientMs,
      requestTimeout: slowClientMs,
      connectionsCheckingInterval: Math.ceil(slowClientMs / LOOKS),
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: 16_384,
    },
    onRequest,
  );
  server.on("connection", (socket) => {
    if (state === "reset-on-accept") socket.resetAndDestroy();
  });

  async function change(next: Listening): Promise<void> {
    if (closing.signal.aborted || next === state) return;
    state = next;
    if (next !== "open") server.closeAllConnections();
    if (next === "refused") await stop(server);
    else if (!server.listening) await reopen();
  }

  async function reopen(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await listen(server, host, port);
        return;
      } catch (cause) {
        if (tries >= REOPEN_TRIES || !(await sleep(REOPEN_EVERY_MS, closing.signal))) throw cause;
      }
    }
  }

  return {
    open: () => listen(server, host, port),
    become(listening) {
      const done = changes.then(() => change(listening));
      changes = done.catch(() => undefined);
      return done;
    },
    async close() {
      closing.abort();
      await changes;
      server.closeAllConnections();
      await stop(server);
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onListening = () => {
      server.off("error", onError);
      resolve();
    };
    const onError = (cause: Error) => {
      server.off("listening", onListening);
      reject(cause);
    };
    server.once("error", onError);
    server.once("listening", onListening);
    server.listen({ host, port, exclusive: true, backlog: 1_024 });
  });
}

function stop(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
