// Performs a reply on the wire: waits, drips, truncates, resets, closes or hangs, exactly as the value says.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Answer } from "../pipeline/exchange.ts";
import type { Reply } from "../pipeline-values.ts";

export interface Performer {
  perform(answer: Answer, request: IncomingMessage, response: ServerResponse): void;
  /** Exchanges that are not over: waiting, dripping or held. */
  readonly open: number;
  /** Cuts every open exchange; `reason` goes into the history. */
  cutAll(reason: string): void;
}

/** One step of a dripping reply. */
const DRIP_MS = 20;

/** An exchange that takes time. */
interface Held {
  cut(reason: string): void;
}

/** `reset`: ends a connection with a RST; what carries TLS has another socket below it. */
export function createPerformer(
  reset: (socket: Socket) => void = (socket) => socket.resetAndDestroy(),
): Performer {
  const held = new Set<Held>();

  return {
    perform(answer, request, response) {
      const reply = framed(answer.reply);
      if (request.socket.destroyed) {
        answer.onAborted?.("client", "the client was gone before the reply");
      } else if (answer.after === undefined && isPlain(reply)) {
        sendHead(response, reply);
        response.end(reply.body);
        answer.onReplied?.();
      } else {
        hold({ ...answer, reply }, request, response);
      }
    },
    get open() {
      return held.size;
    },
    cutAll(reason) {
      for (const exchange of [...held]) exchange.cut(reason);
    },
  };

  function hold(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
    const began = performance.now();
    const { socket } = request;
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const exchange: Held = {
      cut(reason) {
        socket.destroy();
        end(() => answer.onAborted?.("partner", reason));
      },
    };
    held.add(exchange);
    response.once("close", () => {
      const ms = Math.round(performance.now() - began);
      end(() =>
        response.writableFinished
          ? answer.onReplied?.()
          : answer.onAborted?.("client", `the client went away after ${ms} ms`),
      );
    });
    const { reply } = answer;
    if (answer.after) void answer.after.then(() => isOver || begin());
    else begin();

    function begin(): void {
      if (reply.delayMs > 0) timer = setTimeout(() => send(), reply.delayMs);
      else send();
    }

    function end(record: () => void): void {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      held.delete(exchange);
      record();
    }

    function send(): void {
      const bytes = Buffer.from(reply.body);
      const kept = reply.ending === "complete" ? bytes : bytes.subarray(0, reply.keepBytes ?? 0);
      if (reply.ending !== "complete" && reply.keepBytes === undefined) {
        finish();
        return;
      }
      sendHead(response, reply);
      if (reply.bytesPerSecond === undefined) writeAll(kept);
      else
        drip(kept, Math.max(1, Math.round((reply.bytesPerSecond * DRIP_MS) / 1_000)), reply.bytesPerSecond);
    }

    function writeAll(bytes: Buffer): void {
      if (reply.ending === "complete") response.end(bytes);
      else response.write(bytes, () => finish());
    }

    function drip(bytes: Buffer, step: number, bytesPerSecond: number, offset = 0): void {
      const next = offset + step;
      if (next >= bytes.length) {
        writeAll(bytes.subarray(offset));
        return;
      }
      response.write(bytes.subarray(offset, next));
      timer = setTimeout(() => drip(bytes, step, bytesPerSecond, next), (step / bytesPerSecond) * 1_000);
    }

    function finish(): void {
      switch (reply.ending) {
        case "complete":
          response.end();
          return;
        case "reset":
          reset(socket);
          end(() => answer.onAborted?.("partner", "the partner reset the connection"));
          return;
        case "close":
          socket.destroy();
          end(() => answer.onAborted?.("partner", "the partner closed the connection"));
          return;
        case "hang":
          // Held until the client leaves, or until everything is cut.
          return;
      }
    }
  }
}

/** What these statuses never carry (RFC 9110, 15.3.5, 15.3.6 and 15.4.5) is left out. */
function framed(reply: Reply): Reply {
  if (!isBodiless(reply.status)) return reply;
  const { "content-type": _, ...headers } = reply.headers;
  return { ...reply, headers, body: "" };
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

function isPlain({ delayMs, ending, bytesPerSecond }: Reply): boolean {
  return delayMs === 0 && ending === "complete" && bytesPerSecond === undefined;
}

/** Names and values in one flat list: on the hot path that costs less than an object made for each reply. */
function sendHead(response: ServerResponse, { status, headers, body }: Reply): void {
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  // A length is the reply's own to say, but for 205, which has to say that there is nothing (RFC 9110, 8.6).
  const flat: (string | number)[] = isBodiless(status) && status !== 205 ? [] : ["content-length", length];
  for (const name in headers) flat.push(name, headers[name] ?? "");
  response.writeHead(status, flat as string[]);
}
