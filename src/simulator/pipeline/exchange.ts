// One request and its answer as plain values, between the wire and the desks.
import type { IncomingHttpHeaders } from "node:http";
import type { BadCertificate, ConnectionBreak } from "../faults/fault.ts";
import type { Reply } from "../pipeline-values.ts";
import type { Params } from "./routes.ts";

export interface Request {
  params: Params;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** It came over a connection on which the partner had shown this certificate. */
  badCertificate?: BadCertificate;
  /** The query of the request target, without the question mark. */
  query?: string;
}

/** What is to be answered, and what is to be recorded when that has happened, or could not. */
export interface Answer {
  reply: Reply;
  /** Nothing goes out before. Always resolves, in bounded time. */
  after?: Promise<void> | undefined;
  /** The whole reply went out. */
  onReplied?: () => void;
  /** The exchange ended without it. */
  onAborted?: (by: "client" | "partner", reason: string) => void;
}

/** Turns a request into an answer. Never rejects for a mistake of the client's. */
export type Desk = (request: Request) => Answer | Promise<Answer>;

/** What an exchange looks like that is cut or held before anything is answered. */
export function brokenReply(kind: ConnectionBreak["kind"]): Reply {
  return { status: 0, headers: {}, body: "", delayMs: 0, ending: kind === "hang" ? "hang" : "reset" };
}
