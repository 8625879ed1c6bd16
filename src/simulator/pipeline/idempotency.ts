// Idempotency keys (draft-ietf-httpapi-idempotency-key-header): what was answered to a key is answered again.
import type { Reply } from "../pipeline-values.ts";
import { problemReply } from "./problem-details.ts";

/** What is remembered of a key, from acceptance on. */
export interface IdempotencyRecord {
  readonly bodyHash: string;
  /** Id of the submission that it made. */
  readonly submission: string;
  /** The honest reply, however it went over the wire; undefined until it is rendered. */
  reply: Reply | undefined;
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

export type Replay = { kind: "replay"; reply: Reply } | { kind: "refuse"; reply: Reply };

/** The answer to a request whose key was used before. */
export function replay(record: IdempotencyRecord, bodyHash: string): Replay {
  if (record.bodyHash !== bodyHash) {
    return { kind: "refuse", reply: problemReply(422, "This idempotency key was used for another payload.") };
  }
  const { isRunning, reply } = record;
  if (isRunning || reply === undefined) {
    return {
      kind: "refuse",
      reply: problemReply(409, "The first request with this idempotency key is still running."),
    };
  }
  return {
    kind: "replay",
    reply: { ...reply, headers: { ...reply.headers, "idempotent-replayed": "true" } },
  };
}

export function missingKey(header: string): Reply {
  return problemReply(400, `The header ${header} is missing.`);
}
