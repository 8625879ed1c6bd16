// What a channel's protocol makes of one request: the reply that the real service would give, and what people would see.

export interface Reading {
  reply: { status: number; contentType: string; body: string; headers?: Record<string, string> };
  message: Message;
}

/** `dedup` ties a repeat or a resolve to the alert that is open; without it every message is an alert of its own. */
export type Message =
  | { kind: "fire"; text: string; dedup?: string; severity?: string }
  | { kind: "resolve"; text: string; dedup?: string }
  /** Accepted by the service and without consequence here, such as an acknowledgement. */
  | { kind: "nothing" }
  | { kind: "refuse"; reason: string };

/** Request body as it came, after the size limit. */
export interface Incoming {
  body: string;
  contentType: string;
}

/** A text reply, as Slack sends for everything. */
export function plainReply(status: number, body: string): Reading["reply"] {
  return { status, contentType: "text/plain; charset=utf-8", body };
}

export function jsonReply(status: number, body: unknown): Reading["reply"] {
  return { status, contentType: "application/json", body: JSON.stringify(body) };
}

/** A refused request: the words that the sender gets are the reason in the history. */
export function refusal(reply: Reading["reply"], reason: string): Reading {
  return { reply, message: { kind: "refuse", reason } };
}

/** The parsed JSON, or undefined: undefined is no JSON value. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
