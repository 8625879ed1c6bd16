// Splits a stream of bytes into lines without ever holding more than one bounded line.

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** What stands after the last newline is a line too. */
  end(): void;
}

/** `onLine` gets each line without its end; `cut` tells that it was longer than `maxBytes` and that the rest was dropped. */
export function splitLines(maxBytes: number, onLine: (line: string, cut: boolean) => void): LineSplitter {
  let parts: Buffer[] = [];
  let size = 0;
  let cut = false;

  const keep = (bytes: Uint8Array) => {
    const room = maxBytes - size;
    if (bytes.length > room) cut = true;
    if (room <= 0 || bytes.length === 0) return;
    // A copy: a slice would keep the whole chunk alive.
    parts.push(Buffer.from(bytes.subarray(0, room)));
    size += Math.min(bytes.length, room);
  };
  const emit = () => {
    const bytes = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    const wasCut = cut;
    parts = [];
    size = 0;
    cut = false;
    onLine(bytes.toString("utf8", 0, end), wasCut);
  };

  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
        keep(chunk.subarray(from, at));
        emit();
        from = at + 1;
      }
      keep(chunk.subarray(from));
    },
    end() {
      if (size > 0) emit();
    },
  };
}
