// Histories on disk: a header line, then one event a line. Written as it happens, readable up to the last complete line.
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { HistoryEvent } from "./event.ts";
import { HISTORY_VERSION, type History, type HistoryHeader } from "./header.ts";

export interface HistoryWriter {
  write(event: HistoryEvent): void;
  /** Writes what is buffered and closes the file. */
  close(): void;
}

/** Buffers at most one turn of the event loop: what write(2) has taken survives a kill -9 of this process. */
export function openHistoryFile(
  path: string,
  header: HistoryHeader,
  redact: (text: string) => string = (text) => text,
): HistoryWriter {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  let lines: string[] = [];
  let scheduled: NodeJS.Immediate | undefined;
  let isOpen = true;

  const flush = () => {
    if (scheduled) clearImmediate(scheduled);
    scheduled = undefined;
    if (lines.length === 0) return;
    const text = redact(lines.join(""));
    lines = [];
    const bytes = Buffer.from(text);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset);
  };
  lines.push(`${JSON.stringify(header)}\n`);
  flush();

  return {
    write(event) {
      if (!isOpen) return;
      lines.push(`${JSON.stringify(event)}\n`);
      scheduled ??= setImmediate(flush);
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      flush();
      closeSync(file);
    },
  };
}

/** Thrown when a file is no history; the message is for the user. */
export class UnreadableHistory extends Error {
  override name = "UnreadableHistory";
}

/** Reads up to the last complete event; `truncated` tells that the file ended inside a line. */
export function readHistoryFile(path: string): History & { truncated: boolean } {
  return parseHistory(readFileSync(path, "utf8"), path);
}

export function parseHistory(text: string, name: string): History & { truncated: boolean } {
  const lines = text.split("\n");
  const truncated = lines.pop() !== "";
  const [first, ...rest] = lines;
  const header = parseLine(first ?? "", name, 1) as HistoryHeader;
  if (header?.neverfailsHistory === undefined)
    throw new UnreadableHistory(`${name}:1  is no neverfails history`);
  if (header.neverfailsHistory > HISTORY_VERSION) {
    throw new UnreadableHistory(
      `${name}:1  history version ${header.neverfailsHistory} is newer than this neverfails reads (${HISTORY_VERSION})`,
    );
  }
  return { header, events: rest.map((line, i) => parseLine(line, name, i + 2) as HistoryEvent), truncated };
}

function parseLine(line: string, name: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new UnreadableHistory(`${name}:${number}  is not a line of JSON`, { cause });
  }
}
