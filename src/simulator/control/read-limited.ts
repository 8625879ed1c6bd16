// Reads a request's body up to a limit.
import { ControlError } from "./control-error.ts";

/** The bytes, or undefined when there are more than `limit`; then the rest is not read. Throws ControlError (400) when it breaks off. */
export async function readLimited(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Buffer | undefined> {
  if (stream === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > limit) return undefined;
      chunks.push(chunk);
    }
  } catch (cause) {
    // Broken chunks, or the client went away: nobody's bug.
    throw new ControlError(
      400,
      `The body ended early: ${cause instanceof Error ? cause.message : "broken"}.`,
    );
  }
  return Buffer.concat(chunks, size);
}
