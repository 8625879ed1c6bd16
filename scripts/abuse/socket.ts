// One exchange on a bare connection: bytes out, half-closed, and what comes back in bounded time.
import { connect } from "node:net";
import type { Taken } from "./verdict.ts";

const WITHIN_MS = 6_000;
const KEPT_BYTES = 20_000;

/** `mayWait`: the client stays silent instead of ending its side, and the other side is to end it within this time. */
export function exchange(port: number, bytes: string | Buffer, mayWaitMs?: number): Promise<Taken> {
  const withinMs = mayWaitMs ?? WITHIN_MS;
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    const timer = setTimeout(() => end({ kind: "hung", afterMs: withinMs }), withinMs);
    const end = (taken: Taken) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(taken);
    };
    const over = () => {
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
      end(status === 0 ? { kind: "closed" } : { kind: "answered", status, text });
    };
    socket.on("data", (chunk) => {
      if (text.length < KEPT_BYTES) text += chunk.toString("latin1");
      // A live reader never ends by itself.
      if (text.includes("text/event-stream")) over();
    });
    socket.on("end", over);
    socket.on("error", over);
    socket.on("close", over);
    if (mayWaitMs === undefined) socket.end(bytes);
    else socket.write(bytes);
  });
}
