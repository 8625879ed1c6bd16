// Drains what a system writes to stdout and stderr, whatever it writes: to a file, and what names a transaction to the history.
import type { Readable } from "node:stream";
import type { HistoryLog } from "../../history/history.ts";
import type { Redact } from "../../lib/redact.ts";
import type { LogStream } from "../../scenarios/types.ts";
import { splitLines } from "./lines.ts";
import { openLogFile } from "./log-file.ts";
import { createMentions, type Nameable } from "./mentions.ts";

export interface LogWatchOptions {
  /** Raw log file; created with its folder. */
  file: string;
  /** Streams whose lines count as "logged only"; both go to the file. */
  from: readonly LogStream[];
  history: HistoryLog;
  transactions: () => readonly Nameable[];
  redact: Redact;
  limits?: Partial<LogLimits>;
}

export interface LogLimits {
  fileBytes: number;
  lineBytes: number;
  eventsPerKey: number;
  events: number;
}

export interface LogWatch {
  /** Drains a stream to its end. May be called for several processes, one after another. */
  attach(stream: Readable, name: LogStream): void;
  /** Resolves when every attached stream has ended. */
  drained(): Promise<void>;
  /** The last 40 lines, each cut to 500 characters. */
  tail(): string[];
  close(): void;
}

const LIMITS: LogLimits = {
  fileBytes: 10 * 1024 * 1024,
  lineBytes: 64 * 1024,
  eventsPerKey: 20,
  events: 2_000,
};
const TAIL_LINES = 40;
const MAX_LINE = 500;

export function watchLogs(options: LogWatchOptions): LogWatch {
  const limits = { ...LIMITS, ...options.limits };
  const file = openLogFile(options.file, limits.fileBytes);
  const report = createReporter(options, limits);
  let tail: string[] = [];
  const streams = new Set<Readable>();
  const ends: Promise<void>[] = [];

  return {
    attach(stream, name) {
      streams.add(stream);
      ends.push(drain(stream, name));
    },
    drained: async () => {
      await Promise.all(ends);
    },
    tail: () => [...tail],
    close() {
      for (const stream of streams) stream.destroy();
      file.close();
    },
  };

  function drain(stream: Readable, name: LogStream): Promise<void> {
    // One write and one look at the tail for all lines of a chunk.
    let lines: string[] = [];
    const splitter = splitLines(limits.lineBytes, (line, cut) => {
      const clean = options.redact(line);
      lines.push(cut ? `${clean}… [line cut]` : clean);
      report(clean, name);
    });
    const flush = () => {
      if (lines.length === 0) return;
      file.write(`${lines.join("\n")}\n`);
      tail = [...tail, ...lines.slice(-TAIL_LINES).map(shorten)].slice(-TAIL_LINES);
      lines = [];
    };
    return new Promise((resolve) => {
      stream.on("data", (chunk: Uint8Array) => {
        splitter.push(chunk);
        flush();
      });
      stream.once("end", () => {
        splitter.end();
        flush();
      });
      // A pipe that breaks ends like one that is closed.
      stream.on("error", () => {});
      stream.once("close", () => {
        streams.delete(stream);
        resolve();
      });
    });
  }
}

/** Tells the history of lines that name a transaction, up to the limits. */
function createReporter({ from, history, transactions }: LogWatchOptions, limits: LogLimits) {
  const mentions = createMentions(transactions);
  const told = new Map<string, number>();
  let total = 0;
  return (line: string, stream: LogStream): void => {
    if (total >= limits.events || !from.includes(stream)) return;
    const keys = mentions.keysIn(line);
    if (!keys.some((key) => (told.get(key) ?? 0) < limits.eventsPerKey)) return;
    total++;
    for (const key of keys) told.set(key, (told.get(key) ?? 0) + 1);
    history.append({ source: "system", kind: "system.log", line: shorten(line), stream, keys });
  };
}

function shorten(line: string): string {
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}
