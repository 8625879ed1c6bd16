// A receiver of callbacks on a real socket, for tests: keeps what arrives and answers as it is told.
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  /** Milliseconds on the process's monotonic clock. */
  at: number;
  /** Counts connections: two requests with the same number shared one. */
  connection: number;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type SinkAnswer =
  | { status: number; headers?: Record<string, string>; body?: string; afterMs?: number }
  | "hang"
  | "reset";

export interface Sink extends AsyncDisposable {
  url: string;
  received: Received[];
}

/** `answer` sees the request and its 1-based number. */
export async function startSink(
  answer: (request: Received, nth: number) => SinkAnswer = () => ({ status: 204 }),
): Promise<Sink> {
  const received: Received[] = [];
  const connections = new WeakMap<object, number>();
  let connectionCount = 0;
  const server = createServer((incoming, outgoing) => {
    const at = performance.now();
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => {
      const connection = connections.get(incoming.socket) ?? 0;
      const { method = "", url = "", headers } = incoming;
      const request = { at, connection, method, path: url, headers, body: Buffer.concat(parts) };
      received.push(request);
      const reply = answer(request, received.length);
      if (reply === "hang") return;
      if (reply === "reset") {
        incoming.socket.resetAndDestroy();
        return;
      }
      setTimeout(() => outgoing.writeHead(reply.status, reply.headers).end(reply.body), reply.afterMs ?? 0);
    });
  });
  server.on("connection", (socket) => {
    connectionCount += 1;
    connections.set(socket, connectionCount);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
