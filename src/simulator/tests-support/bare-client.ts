// A client without any comfort: what comes over the socket, byte by byte, and how it ends.
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { TOKEN } from "./partner.ts";

export interface Seen {
  text: string;
  chunks: number;
  /** FIN came. */
  ended: boolean;
  /** Such as ECONNRESET; empty without an error. */
  code: string;
  closed: boolean;
  socket: Socket;
}

export function bareClient(port: number): Seen {
  return watch(connect(port, "127.0.0.1"));
}

/** Over TLS, to 127.0.0.1. */
export function bareTlsClient(port: number, options: ConnectionOptions): Seen {
  return watch(connectTls({ host: "127.0.0.1", port, ...options }));
}

function watch(socket: Socket): Seen {
  const seen: Seen = { text: "", chunks: 0, ended: false, code: "", closed: false, socket };
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    seen.text += chunk;
    seen.chunks += 1;
  });
  socket
    .on("error", (error: NodeJS.ErrnoException) => {
      seen.code = String(error.code);
    })
    .on("end", () => {
      seen.ended = true;
    })
    .on("close", () => {
      seen.closed = true;
    });
  return seen;
}

/** A good submission to the contract of startTestPartner, as bytes. */
export function submission(reference: string): string {
  const body = JSON.stringify({ reference });
  return [
    "POST /v1/claims HTTP/1.1",
    "host: acme",
    `authorization: Bearer ${TOKEN}`,
    "content-type: application/json",
    `idempotency-key: key-${reference}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
