// Idempotency keys (draft-ietf-httpapi-idempotency-key-header): what was answered to a key is answered again.
import type { Submission } from "../ledger.ts";
import type { Reply } from "../pipeline-values.ts";
import { problemReply } from "./problem-details.ts";

/**
 * What is remembered of a key, from acceptance on. Of the honest reply, however it went over the wire, no more than
 * replaying it takes: there may be a hundred thousand of them.
 */
export interface IdempotencyRecord {
  readonly bodyHash: string;
  readonly submission: Submission;
  status: number;
  headers: Record<string, string>;
  /** Undefined until it is rendered. */
  body: Reply["body"] | undefined;
  /** True until the first request was answered or its connection is gone. */
  isRunning: boolean;
}

/** The value of an Idempotency-Key: a quoted Structured Field string, or bare as most clients send it. */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  const text = header?.trim() ?? "";
  const quoted = text.startsWith('"') && /^"((?:[^"\\]|\\["\\])*)"$/.exec(text);
  const key = quoted ? (quoted[1] ?? "").replaceAll(/\\(["\\])/g, "$1") : text;
  return key === "" ? undefined : key;
}

/** For a submission that was made this moment: the reply is yet to be rendered. */
export function rememberKey(bodyHash: string, submission: Submission): IdempotencyRecord {
  return { bodyHash, submission, status: 0, headers: NO_HEADERS, body: undefined, isRunning: true };
}

const NO_HEADERS: Record<string, string> = Object.freeze({});

export function rememberReply(record: IdempotencyRecord, { status, headers, body }: Reply): void {
  record.status = status;
  record.headers = headers;
  record.body = body;
}

export type Replay = { kind: "replay"; reply: Reply } | { kind: "refuse"; reply: Reply };

/** The answer to a request whose key was used before. */
export function replay(record: IdempotencyRecord, bodyHash: string): Replay {
  if (record.bodyHash !== bodyHash) {
    return { kind: "refuse", reply: problemReply(422, "This idempotency key was used for another payload.") };
  }
  const { isRunning, status, headers, body } = record;
  if (isRunning || body === undefined) {
    return {
      kind: "refuse",
      reply: problemReply(409, "The first request with this idempotency key is still running."),
    };
  }
  return {
    kind: "replay",
    reply: {
      status,
      headers: { ...headers, "idempotent-replayed": "true" },
      body,
      delayMs: 0,
      ending: "complete",
    },
  };
}

export function missingKey(header: string): Reply {
  return problemReply(400, `The header ${header} is missing.`);
}
