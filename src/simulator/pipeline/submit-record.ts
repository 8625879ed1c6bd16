// What the history says about one submit request: that it came, and how it ended.
import type { EventBody, NewEvent, SubmitEffect } from "../../history/event.ts";
import type { HistoryLog } from "../../history/history.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Reply } from "../pipeline-values.ts";
import type { ActiveFault } from "../plan/plan.ts";
import type { Answer } from "./exchange.ts";
import { retryAfterMs } from "./retry-after.ts";

/** The request as its events name it. */
export interface SubmitVisit {
  key: string;
  /** 1-based count of submit requests of this transaction. */
  attempt: number;
  id: string;
  bodyHash: string;
  idempotencyKey: string | undefined;
  /** It came over a connection with a bad certificate. */
  badCertificate?: string | undefined;
}

export interface Ending {
  reply: Reply;
  effect: SubmitEffect;
  /** The faults that shaped it. */
  by: readonly ActiveFault[];
  /** The body is not the one that the contract promises. */
  isMalformed?: boolean;
  /** The reply waits for this. */
  after?: Promise<void> | undefined;
  /** Called when the exchange is over, in whatever way. */
  onOver?: (() => void) | undefined;
}

export interface SubmitRecorder {
  received(visit: SubmitVisit, by: readonly ActiveFault[]): void;
  /** The answer that records itself. */
  answer(visit: SubmitVisit, ending: Ending): Answer;
}

type Received = Extract<EventBody, { kind: "submit.received" }>;
type Replied = Extract<EventBody, { kind: "submit.replied" }>;

// Events are built by assignment: spreads of what may be absent cost a microsecond each on the hot path.
export function createSubmitRecorder(history: HistoryLog, clock: Clock): SubmitRecorder {
  return {
    received({ key, attempt, id, bodyHash, idempotencyKey, badCertificate }, by) {
      const event: Received & NewEvent = {
        source: "partner",
        kind: "submit.received",
        key,
        attempt,
        request: id,
        bodyHash,
      };
      if (idempotencyKey !== undefined) event.idempotencyKey = idempotencyKey;
      if (badCertificate !== undefined) event.badCertificate = badCertificate;
      history.append(withFaults(event, by));
    },

    answer({ key, attempt, id }, { reply, effect, by, isMalformed = false, after, onOver }) {
      const { status, headers } = reply;
      const retryAfter = retryAfterMs(headers["retry-after"], clock);
      return {
        reply,
        after,
        onReplied() {
          onOver?.();
          const event: Replied & NewEvent = {
            source: "partner",
            kind: "submit.replied",
            key,
            attempt,
            request: id,
            status,
            effect,
          };
          if (retryAfter !== undefined) event.retryAfterMs = retryAfter;
          if (isMalformed) event.malformed = true;
          history.append(withFaults(event, by));
        },
        onAborted(side, reason) {
          onOver?.();
          history.append(
            withFaults(
              {
                source: "partner",
                kind: "submit.aborted",
                key,
                attempt,
                request: id,
                by: side,
                effect,
                reason,
              },
              by,
            ),
          );
        },
      };
    },
  };
}

function withFaults(event: NewEvent, by: readonly ActiveFault[]): NewEvent {
  if (by.length > 0) event.faults = by.map(({ index }) => index);
  return event;
}
