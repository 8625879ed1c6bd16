// The history over server-sent events: driven by what the reader takes, so that a slow one costs no memory.

import type { ServerResponse } from "node:http";
import { redactedJson } from "../../history/redact-data.ts";
import type { HistoryWindow } from "./history-window.ts";

export interface LiveOptions {
  window: HistoryWindow;
  /** Begin after this event. */
  after: number;
  redact: (text: string) => string;
  /** A comment is sent this often, and a reader that has taken nothing for this long is cut off. Default 15 s. */
  heartbeatMs?: number;
}

export interface Live {
  /** Says why, and ends. */
  end(reason: string): void;
}

const HEARTBEAT_MS = 15_000;
const PAGE = 50;

/** Takes over the response. `onClosed` is called once it is over, in whatever way. */
export function sendLive(
  response: ServerResponse,
  { window, after, redact, heartbeatMs = HEARTBEAT_MS }: LiveOptions,
  onClosed: () => void,
): Live {
  let cursor = after;
  let isFirst = true;
  let isBlocked = false;
  let wasBlockedAtBeat = false;

  const stop = window.onAppend(pump);
  const beat = setInterval(() => {
    if (isBlocked && wasBlockedAtBeat) response.destroy();
    else if (!isBlocked) write(": still here\n\n");
    wasBlockedAtBeat = isBlocked;
  }, heartbeatMs);
  response.on("drain", () => {
    isBlocked = false;
    wasBlockedAtBeat = false;
    pump();
  });
  response.once("close", () => {
    stop();
    clearInterval(beat);
    onClosed();
  });
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  write("retry: 1000\n\n");
  pump();

  function pump(): void {
    while (!isBlocked && !response.writableEnded) {
      const { events, next, missed } = window.page({ after: cursor, limit: PAGE });
      // Whoever asks for everything gets what is held; whoever asks for more than that is told.
      if (missed && !(isFirst && cursor === 0)) {
        end(`events after ${cursor} are not held any more: read faster, or begin anew`);
        return;
      }
      if (events.length === 0) return;
      isFirst = false;
      for (const event of events) write(`id: ${event.seq}\ndata: ${redactedJson(event, redact)}\n\n`);
      cursor = next;
    }
  }

  function write(text: string): void {
    if (!response.write(text)) isBlocked = true;
  }

  function end(reason: string): void {
    if (!response.writableEnded) response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
  }

  return { end };
}
