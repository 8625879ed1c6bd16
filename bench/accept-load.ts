// The load of accept.ts, in a process of its own: a closed loop over bare sockets, so that the server is the bottleneck.
import { connect, type Socket } from "node:net";

export interface AcceptOrder {
  port: number;
  token: string;
  connections: number;
  forMs: number;
  /** Keeps references apart from slice to slice. */
  slice: string;
}

export interface AcceptResult {
  accepted: number;
  refused: number;
  ms: number;
}

const PADDING = "x".repeat(470);
let references = 0;

process.on("message", (order: AcceptOrder) => {
  void run(order).then((result) => process.send?.(result));
});
process.send?.("ready");

async function run({ port, token, connections, forMs, slice }: AcceptOrder): Promise<AcceptResult> {
  const result: AcceptResult = { accepted: 0, refused: 0, ms: 0 };
  const began = performance.now();
  const due = began + forMs;
  const loops = Array.from({ length: connections }, () => loop(port));
  await Promise.all(loops);
  result.ms = performance.now() - began;
  return result;

  function loop(to: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(to, "127.0.0.1", () => send(socket));
      socket.setNoDelay(true).setEncoding("latin1");
      socket.on("error", reject);
      socket.on("close", () => resolve());
      socket.on("data", (text: string) => {
        if (text.startsWith("HTTP/1.1 202")) result.accepted += 1;
        else result.refused += 1;
        if (performance.now() < due) send(socket);
        else socket.end();
      });
    });
  }

  function send(socket: Socket): void {
    references += 1;
    const reference = `${slice}-${references}`;
    const body = JSON.stringify({
      reference,
      amount: 125.5,
      patient: "Ada Lovelace",
      callbackUrl: "",
      note: PADDING,
    });
    socket.write(
      `POST /v1/claims HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\nidempotency-key: ${reference}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  }
}
