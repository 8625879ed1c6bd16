// What an alert service says when it is in trouble: each protocol in its own words, whatever was sent.
import type { Channel } from "../../scenarios/types.ts";
import type { AlertTrouble } from "../../simulator/faults/fault.ts";
import { jsonReply, plainReply, type Reading, refusal } from "./message.ts";

/** Which trouble a channel is in, decided anew for every message. */
export interface Troubles {
  of(channel: string): ActiveTrouble | undefined;
  /** A message met it; `text` is what people would have read. */
  met(trouble: ActiveTrouble, text: string): void;
}

export interface ActiveTrouble {
  /** Index of the fault in the schedule. */
  fault: number;
  trouble: AlertTrouble;
}

/** The reply over HTTP, with Retry-After where there is one. */
export function troubledReply(kind: Channel["kind"], trouble: AlertTrouble): Reading {
  const { status, words } = sayings(trouble);
  const reply = kind === "slack" ? plainReply(status, words.slack) : jsonReply(status, bodyFor(kind, words));
  const waitMs = trouble.kind === "refused" ? undefined : trouble.retryAfterMs;
  const headers = waitMs === undefined ? undefined : { "retry-after": String(Math.ceil(waitMs / 1_000)) };
  return refusal(
    { ...reply, ...(headers && { headers }) },
    `${status} ${kind === "slack" ? words.slack : words.pagerduty}`,
  );
}

/** The reply of a mail server: code and text (RFC 5321, section 4.2; RFC 3463 for the enhanced code). */
export function troubledMailReply(trouble: AlertTrouble): { code: number; text: string } {
  switch (trouble.kind) {
    case "unavailable":
      return { code: 451, text: "4.3.2 The service is not available, try again later" };
    case "throttled":
      return { code: 450, text: "4.7.1 Too many messages, try again later" };
    case "refused":
      return { code: 550, text: "5.7.1 Messages from this sender are refused" };
  }
}

interface Words {
  slack: string;
  /** The `status` of an answer of PagerDuty, and its `message`. */
  pagerduty: string;
  message: string;
}

// Sources: docs.slack.dev, the error words of incoming webhooks; developer.pagerduty.com, "Send an alert event".
function sayings(trouble: AlertTrouble): { status: number; words: Words } {
  switch (trouble.kind) {
    case "unavailable":
      return {
        status: trouble.status,
        words: {
          slack: trouble.status === 500 ? "rollup_error" : "service_unavailable",
          pagerduty: "server error",
          message: "The server cannot process the event, try again later",
        },
      };
    case "throttled":
      return {
        status: 429,
        words: {
          slack: "rate_limited",
          pagerduty: "throttle exceeded",
          message: "Requests for this service are arriving too quickly. Please retry later.",
        },
      };
    case "refused":
      return {
        status: 403,
        words: {
          slack: "action_prohibited",
          pagerduty: "forbidden",
          message: "Events from this sender are refused",
        },
      };
  }
}

function bodyFor(kind: Channel["kind"], { pagerduty, message }: Words): unknown {
  return kind === "pagerduty" ? { status: pagerduty, message } : { error: message };
}
