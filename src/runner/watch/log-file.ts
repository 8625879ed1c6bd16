// The raw log of a system on disk: bounded, and it says where it was cut.
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface LogFile {
  /** Lines with their ends. */
  write(text: string): void;
  close(): void;
}

/** Writes up to `maxBytes`, then one line saying so and nothing more. A second open of the same path goes on behind the first. */
export function openLogFile(path: string, maxBytes: number): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a");
  let rest = maxBytes;
  let isOpen = true;
  const put = (bytes: Uint8Array) => {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset);
  };
  return {
    write(text) {
      if (!isOpen || rest <= 0) return;
      const bytes = Buffer.from(text);
      put(bytes.subarray(0, rest));
      rest -= bytes.length;
      if (rest <= 0) put(Buffer.from(`\n[neverfails: the log was cut here, after ${maxBytes} bytes]\n`));
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}
