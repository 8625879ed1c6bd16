// A server that speaks https: which certificate it shows, and the bare sockets below its connections.
import type { RequestListener, ServerOptions } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { BadCertificate } from "../faults/fault.ts";
import type { Certificates } from "./certificates.ts";

export interface TlsDoor {
  readonly server: Server;
  /** New connections are shown this certificate; undefined: the good one. */
  show(bad: BadCertificate | undefined): void;
  /** Ends every connection, also those that are still shaking hands, of which the server knows nothing. */
  cut(): void;
  /** Ends the connection below this one with a RST. */
  reset(socket: Socket): void;
}

export interface TlsDoorOptions {
  certificates: Certificates;
  settings: ServerOptions;
  onRequest: RequestListener;
  /** A client turned away from a bad certificate. */
  onAbandoned: ((bad: BadCertificate) => void) | undefined;
}

export function createTlsDoor({ certificates, settings, onRequest, onAbandoned }: TlsDoorOptions): TlsDoor {
  const { good, bad } = certificates;
  const server = createServer({ ...settings, ...good }, onRequest);
  const sockets = new Set<Socket>();
  /** Connections over which a request came. */
  const used = new WeakSet<Socket>();
  let shown: BadCertificate | undefined;
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", ({ socket }) => used.add(socket));
  server.on("tlsClientError", () => abandoned(shown));
  server.on("secureConnection", (socket: TLSSocket) => {
    const met = shown;
    if (met === undefined) return;
    socket.once("close", () => {
      if (!used.has(socket)) abandoned(met);
    });
  });

  /** What we cut ourselves was not abandoned. */
  function abandoned(met: BadCertificate | undefined): void {
    if (met !== undefined && met === shown) onAbandoned?.(met);
  }

  return {
    server,
    show(next) {
      shown = next;
      // A new context also forgets the tickets of sessions, which would be resumed without a look at the certificate.
      server.setSecureContext(next === undefined ? good : bad[next]);
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    reset({ remotePort }) {
      for (const socket of sockets) if (socket.remotePort === remotePort) socket.resetAndDestroy();
    },
  };
}
