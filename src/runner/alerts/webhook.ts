// A generic alert webhook: any JSON. What it says is found by the channel's mapping, or by the names that most tools use.
import { compileExpression, type Expression } from "../../lib/expression.ts";
import type { Channel } from "../../scenarios/types.ts";
import {
  type Incoming,
  isRecord,
  jsonReply,
  type Message,
  parseJson,
  type Reading,
  refusal,
} from "./message.ts";

export const WEBHOOK_BODY_LIMIT = 1024 * 1024;
const CLOSED = new Set(["resolved", "resolve", "ok", "closed", "close", "recovered", "recovery", "inactive"]);
/** Alertmanager and Grafana groups carry `groupKey`; single alerts most often one of the others. */
const DEDUP_FIELDS = ["dedup", "dedupKey", "dedup_key", "groupKey", "fingerprint", "key", "id", "alertname"];
const STATUS_FIELDS = ["status", "state", "event_action", "action"];
const SEVERITY_FIELDS = ["severity", "level", "priority"];

export type ReadWebhook = (incoming: Incoming) => Promise<Reading>;

/** Compiles a channel's mapping. Throws ExpressionError when one of its expressions does not parse. */
export function webhookReader(mapping: Channel["mapping"] = {}): ReadWebhook {
  const find = {
    resolved: finder(mapping.resolved, isClosed),
    dedup: finder(mapping.dedup, (body) => firstField(body, DEDUP_FIELDS)),
    severity: finder(mapping.severity, (body) => firstField(body, SEVERITY_FIELDS)),
    text: finder(mapping.text, () => undefined),
  };
  return async (incoming) => {
    const body = parseJson(incoming.body);
    if (body === undefined) {
      return refusal(jsonReply(400, { error: "the body is no JSON" }), "400 the body is no JSON");
    }
    const [resolved, dedup, severity, said] = await Promise.all([
      find.resolved(body),
      find.dedup(body),
      find.severity(body),
      find.text(body),
    ]);
    const message: Message = {
      kind: resolved === true ? "resolve" : "fire",
      text: said === undefined ? incoming.body : asText(said),
      ...(isName(dedup) && { dedup: String(dedup) }),
    };
    if (message.kind === "fire" && isName(severity)) message.severity = String(severity).toLowerCase();
    return { reply: jsonReply(200, { status: "accepted" }), message };
  };
}

type Find = (body: unknown) => unknown;

/** The mapped value; the default where nothing is mapped or the expression fails on this body. */
function finder(source: string | undefined, fallback: Find): Find {
  if (source === undefined) return fallback;
  const expression: Expression = compileExpression(source);
  return async (body) => {
    try {
      return await expression.evaluate({ values: { body } });
    } catch {
      // An alert that the mapping cannot read is still an alert; losing it would accuse the system wrongly.
      return fallback(body);
    }
  };
}

function isClosed(body: unknown): boolean {
  if (!isRecord(body)) return false;
  if (body.resolved === true) return true;
  const status = firstField(body, STATUS_FIELDS);
  return typeof status === "string" && CLOSED.has(status.toLowerCase());
}

/** The first of the fields that holds a text or number, at the top or in the labels that Prometheus tools send. */
function firstField(body: unknown, fields: readonly string[]): unknown {
  if (!isRecord(body)) return undefined;
  const places = [body, body.labels, body.commonLabels, body.groupLabels].filter(isRecord);
  for (const place of places) {
    const field = fields.find((name) => isName(place[name]));
    if (field !== undefined) return place[field];
  }
  return undefined;
}

function isName(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
