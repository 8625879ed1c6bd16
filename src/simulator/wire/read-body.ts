// Reads a request's body up to a limit. What is beyond is read and dropped, so that the client gets to hear the refusal.
import type { IncomingMessage } from "node:http";

/** So many times the limit is read before the connection is cut. */
const PATIENCE = 16;

export type ReadBody = { ok: true; bytes: Buffer } | { ok: false };

/**
 * Calls back once, with `ok: false` for a body above the limit; never when the client goes away before its end
 * (Node reports that as an error only to who listens for one), or when it sends so much more that it is cut off.
 */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
  onRead: (body: ReadBody) => void,
): void {
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limitBytes) {
      first = chunks = undefined;
      if (size > limitBytes * PATIENCE) request.destroy();
    } else if (first === undefined) {
      first = chunk;
    } else {
      chunks ??= [first];
      chunks.push(chunk);
    }
  });
  request.on("end", () => {
    if (size > limitBytes) onRead({ ok: false });
    else onRead({ ok: true, bytes: chunks ? Buffer.concat(chunks, size) : (first ?? EMPTY) });
  });
}

const EMPTY = Buffer.alloc(0);
