// Reads server-sent events (WHATWG HTML, 9.2) from a stream of bytes.

export interface ServerSentEvent {
  /** `message` unless the sender names another type. */
  event: string;
  data: string;
}

export async function* readServerSentEvents(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const parsed = parseBlock(block);
      if (parsed) yield parsed;
    }
  }
}

/** Undefined for a block without data, such as a comment. */
function parseBlock(block: string): ServerSentEvent | undefined {
  const data: string[] = [];
  let event = "message";
  for (const line of block.split(/\r?\n/)) {
    const [, name = "", value = ""] = /^([^:]*)(?::\x20?(.*))?$/s.exec(line) ?? [];
    if (name === "data") data.push(value);
    else if (name === "event") event = value;
  }
  return data.length === 0 ? undefined : { event, data: data.join("\n") };
}
