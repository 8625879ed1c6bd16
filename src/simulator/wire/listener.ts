// The partner's listening socket: open, refused (nothing listens), resetting whoever connects, or with a bad certificate;
// always on the same port.
import { createServer, type RequestListener, type ServerOptions } from "node:http";
import type { Server, Socket } from "node:net";
import { sleep } from "../../lib/wait.ts";
import type { BadCertificate } from "../faults/fault.ts";
import type { Certificates } from "./certificates.ts";
import { createTlsDoor, type TlsDoor } from "./tls-door.ts";

export type Listening = "open" | "refused" | "reset-on-accept" | `tls-${BadCertificate}`;

export interface Listener {
  /** Begins to listen; rejects when the port is taken. */
  open(): Promise<void>;
  /** Changes how connections are met. Connections that exist are cut, unless they may stay. */
  become(listening: Listening): Promise<void>;
  /** What is wrong with the certificate of every connection that is open now. */
  badCertificate(): BadCertificate | undefined;
  /** Ends a connection with a RST. */
  reset(socket: Socket): void;
  close(): Promise<void>;
}

export interface ListenerOptions {
  host: string;
  port: number;
  onRequest: RequestListener;
  /** Present: https. */
  certificates?: Certificates;
  /** A connection with a bad certificate ended, by the client's will, without a request. */
  onAbandoned?: (bad: BadCertificate) => void;
  /** A client that needs longer than this for its headers and its body is cut off (408). Default 15 s. */
  slowClientMs?: number;
}

const SLOW_CLIENT_MS = 15_000;
/** Node looks for slow clients this many times within their time. */
const LOOKS = 8;
/** After its first request a connection is the client's to close: to be cut under the next one would be an unplanned fault. */
const NEVER = 0;
/** When the kernel begins to ask whether a silent client is still there; one that is not is cut off. */
const PROBE_AFTER_MS = 60_000;
const REOPEN_TRIES = 40;
const REOPEN_EVERY_MS = 50;

/** Undefined: the certificate is good, or nobody gets to see one. */
export function badCertificateOf(listening: Listening): BadCertificate | undefined {
  switch (listening) {
    case "tls-expired":
      return "expired";
    case "tls-untrusted":
      return "untrusted";
    case "tls-wrong-host":
      return "wrong-host";
    case "open":
    case "refused":
    case "reset-on-accept":
      return undefined;
  }
}

export function createListener(options: ListenerOptions): Listener {
  const { host, port, onRequest, certificates, onAbandoned, slowClientMs = SLOW_CLIENT_MS } = options;
  const closing = new AbortController();
  let state: Listening = "open";
  /** Changes happen one after another: a port cannot be opened while it is being closed. */
  let changes: Promise<void> = Promise.resolve();
  const settings: ServerOptions = {
    headersTimeout: slowClientMs,
    requestTimeout: slowClientMs,
    connectionsCheckingInterval: Math.ceil(slowClientMs / LOOKS),
    keepAliveTimeout: NEVER,
    keepAlive: true,
    keepAliveInitialDelay: PROBE_AFTER_MS,
    maxHeaderSize: 16_384,
  };
  const tls: TlsDoor | undefined =
    certificates && createTlsDoor({ certificates, settings, onRequest, onAbandoned });
  const server = tls?.server ?? createServer(settings, onRequest);
  server.on("connection", (socket: Socket) => {
    if (state === "reset-on-accept") socket.resetAndDestroy();
  });

  async function change(next: Listening): Promise<void> {
    if (closing.signal.aborted || next === state) return;
    const isOtherCertificate = badCertificateOf(next) !== badCertificateOf(state);
    state = next;
    // First the certificate, then the cut: nobody slips in between and keeps the old one.
    if (isOtherCertificate) tls?.show(badCertificateOf(next));
    if (next !== "open" || isOtherCertificate) cut();
    if (next === "refused") await stop();
    else if (!server.listening) await reopen();
  }

  function cut(): void {
    server.closeAllConnections();
    tls?.cut();
  }

  function stop(): Promise<void> {
    if (!server.listening) return Promise.resolve();
    return new Promise((resolve) => {
      server.close(() => resolve());
      cut();
    });
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
    badCertificate: () => badCertificateOf(state),
    reset: (socket) => (tls ? tls.reset(socket) : socket.resetAndDestroy()),
    async close() {
      closing.abort();
      await changes;
      tls?.show(undefined);
      cut();
      await stop();
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
