// Histories on disk: a header line, then one event a line. Written as it happens, readable up to the last complete line.
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { HistoryEvent } from "./event.ts";
import { HISTORY_VERSION, type History, type HistoryHeader } from "./header.ts";
import { redactData } from "./redact-data.ts";

export interface HistoryWriter {
  write(event: HistoryEvent): void;
  /** Writes what is buffered and closes the file. */
  close(): void;
}

/** Under load, lines that come in so short a time are written at once: a write for each turn would cost more than the lines. */
const BUSY_MS = 5;

/**
 * What write(2) has taken survives a kill -9 of this process. Lines wait for the end of the turn of the event loop, and for
 * at most BUSY_MS where the last write was as recent as that.
 */
export function openHistoryFile(
  path: string,
  header: HistoryHeader,
  redact: (text: string) => string = (text) => text,
): HistoryWriter {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  let events: HistoryEvent[] = [];
  let immediate: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;
  let flushedMs = Number.NEGATIVE_INFINITY;
  let isOpen = true;

  const flush = () => {
    clearImmediate(immediate);
    clearTimeout(timer);
    immediate = timer = undefined;
    if (events.length === 0) return;
    flushedMs = performance.now();
    const text = linesOf(events);
    const isClean = redact(text) === text;
    put(isClean ? text : linesOf(events.map((event) => redactData(event, redact) as HistoryEvent)));
    events = [];
  };
  const put = (text: string) => {
    const bytes = Buffer.from(text);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset);
  };
  put(`${JSON.stringify(header)}\n`);

  return {
    write(event) {
      if (!isOpen) return;
      events.push(event);
      if (immediate || timer) return;
      if (performance.now() - flushedMs < BUSY_MS) timer = setTimeout(flush, BUSY_MS);
      else immediate = setImmediate(flush);
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      flush();
      closeSync(file);
    },
  };
}

const BETWEEN_EVENTS = '},{"seq":';

/** Many events are written as one array, which takes a third less than one by one, and cut where one begins. */
function linesOf(events: readonly HistoryEvent[]): string {
  const lines = JSON.stringify(events).slice(1, -1).split(BETWEEN_EVENTS);
  // What a transaction carries may look like the beginning of an event.
  if (lines.length !== events.length) return events.map((event) => `${JSON.stringify(event)}\n`).join("");
  return `${lines.join('}\n{"seq":')}\n`;
}

/** Thrown when a file is no history; `what` is wrong at `line` is for the user. */
export class UnreadableHistory extends Error {
  readonly line: number;
  readonly what: string;
  constructor(name: string, line: number, what: string, options?: ErrorOptions) {
    super(`${name}:${line}  ${what}`, options);
    this.name = "UnreadableHistory";
    this.line = line;
    this.what = what;
  }
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
    throw new UnreadableHistory(name, 1, "is no neverfails history");
  if (header.neverfailsHistory > HISTORY_VERSION) {
    throw new UnreadableHistory(
      name,
      1,
      `history version ${header.neverfailsHistory} is newer than this neverfails reads (${HISTORY_VERSION})`,
    );
  }
  return { header, events: rest.map((line, i) => parseLine(line, name, i + 2) as HistoryEvent), truncated };
}

function parseLine(line: string, name: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new UnreadableHistory(name, number, "is not a line of JSON", { cause });
  }
}
