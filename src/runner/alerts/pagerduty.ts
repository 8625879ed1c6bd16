// PagerDuty Events API v2: `/v2/enqueue`. Source: developer.pagerduty.com, "Send an alert event".
import { flattenText } from "./alert-text.ts";
import { type Incoming, isRecord, jsonReply, parseJson, type Reading, refusal } from "./message.ts";

/** "The maximum size of an event is 512 KB." */
export const PAGERDUTY_BODY_LIMIT = 512 * 1024;
const ROUTING_KEY_LENGTH = 32;
const MAX_DEDUP_KEY = 255;
const MAX_SUMMARY = 1_024;
const ACTIONS = ["trigger", "acknowledge", "resolve"];
const SEVERITIES = ["critical", "warning", "error", "info"];
const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|[+-]\d{2}:?\d{2})?$/;

export interface PagerDutyReading extends Reading {
  /** Which integration it was sent to; absent when none could be read. */
  routingKey?: string;
}

/** `newKey` gives the dedup key of a trigger that brings none. */
export function readPagerDuty({ body }: Incoming, newKey: () => string): PagerDutyReading {
  const event = parseJson(body);
  if (!isRecord(event)) {
    return refuse("Unrecognized object", "Event object format is unrecognized", ["JSON parse error"]);
  }
  const errors = [...checkEnvelope(event), ...(event.event_action === "trigger" ? checkPayload(event) : [])];
  const routingKey = typeof event.routing_key === "string" ? { routingKey: event.routing_key } : {};
  if (errors.length > 0)
    return { ...refuse("invalid event", "Event object is invalid", errors), ...routingKey };
  const dedup = isBlank(event.dedup_key) ? newKey() : String(event.dedup_key);
  return {
    reply: jsonReply(202, { status: "success", message: "Event processed", dedup_key: dedup }),
    message: messageOf(event, dedup),
    ...routingKey,
  };
}

/** 413 for a body above the limit. */
export function pagerDutyTooLarge(): Reading {
  return refusal(
    jsonReply(413, {
      status: "invalid event",
      message: "Event object is too large",
      errors: ["Event is larger than 512 KB"],
    }),
    "413 the event is larger than 512 KB",
  );
}

function messageOf(event: Record<string, unknown>, dedup: string): Reading["message"] {
  // The same dedup key under another routing key is another alert.
  const scoped = `${String(event.routing_key)} ${dedup}`;
  const payload = isRecord(event.payload) ? event.payload : {};
  const { summary, source, component, group, class: category, custom_details: details } = payload;
  const text = [
    flattenText([summary]),
    flattenText({ source, component, group, class: category, details, links: event.links }, { labels: true }),
  ]
    .filter((part) => part !== "")
    .join("\n");
  switch (event.event_action) {
    case "trigger":
      return { kind: "fire", dedup: scoped, severity: String(payload.severity), text };
    case "resolve":
      return { kind: "resolve", dedup: scoped, text };
    default:
      return { kind: "nothing" };
  }
}

function checkEnvelope(event: Record<string, unknown>): string[] {
  const { routing_key: key, event_action: action, dedup_key: dedup, images, links } = event;
  const errors: string[] = [];
  if (isBlank(key)) errors.push("'routing_key' is missing or blank");
  else if (typeof key !== "string" || !/^[A-Za-z0-9]*$/.test(key)) errors.push("'routing_key' is invalid");
  else if (key.length !== ROUTING_KEY_LENGTH)
    errors.push(`Length of 'routing_key' is incorrect (should be ${ROUTING_KEY_LENGTH} characters)`);
  if (isBlank(action)) errors.push("'event_action' is missing or blank");
  else if (!ACTIONS.includes(String(action)))
    errors.push(
      "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
    );
  if (isBlank(dedup)) {
    if (action === "acknowledge" || action === "resolve") errors.push("'dedup_key' is missing or blank");
  } else if (typeof dedup !== "string") errors.push("'dedup_key' is invalid (must be a string)");
  else if (dedup.length > MAX_DEDUP_KEY)
    errors.push(`'dedup_key' is too long (maximum is ${MAX_DEDUP_KEY} characters)`);
  if (images !== undefined && images !== null && !isListOfRecords(images))
    errors.push("'images' is invalid (must be a list of objects)");
  if (links !== undefined && links !== null && !isListOfRecords(links))
    errors.push("'links' is invalid (must be a list of objects)");
  return errors;
}

function checkPayload({ payload }: Record<string, unknown>): string[] {
  if (!isRecord(payload)) return ["'payload' is missing or blank"];
  const { summary, source, severity, timestamp, custom_details: details } = payload;
  const errors: string[] = [];
  if (isBlank(summary)) errors.push("'payload.summary' is missing or blank");
  else if (typeof summary !== "string") errors.push("'payload.summary' is invalid (must be a string)");
  else if (summary.length > MAX_SUMMARY)
    errors.push(`'payload.summary' is too long (maximum is ${MAX_SUMMARY} characters)`);
  if (isBlank(source)) errors.push("'payload.source' is missing or blank");
  if (isBlank(severity)) errors.push("'payload.severity' is missing or blank");
  else if (!SEVERITIES.includes(String(severity)))
    errors.push(
      "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
    );
  if (!isBlank(timestamp) && !isTimestamp(timestamp))
    errors.push("'payload.timestamp' is invalid (must be an ISO 8601 timestamp)");
  if (details !== undefined && details !== null && !isRecord(details))
    errors.push("'payload.custom_details' is invalid (must be an object)");
  return errors;
}

function refuse(status: string, message: string, errors: string[]): Reading {
  return refusal(jsonReply(400, { status, message, errors }), `400 ${message}: ${errors.join("; ")}`);
}

function isTimestamp(value: unknown): boolean {
  return typeof value === "string" && ISO_TIME.test(value) && !Number.isNaN(Date.parse(value));
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

function isListOfRecords(value: unknown): boolean {
  return Array.isArray(value) && value.every(isRecord);
}
