// Refusals as problem details: application/problem+json (RFC 9457).
import { STATUS_CODES } from "node:http";
import type { Reply } from "../pipeline-values.ts";

/** `type` is about:blank, so the title is the status phrase (RFC 9457, 4.2.1). `more` are extension members. */
export function problemReply(status: number, detail: string, more: Record<string, unknown> = {}): Reply {
  const title = STATUS_CODES[status] ?? "Unknown status";
  return {
    status,
    headers: { "content-type": "application/problem+json" },
    body: JSON.stringify({ type: "about:blank", title, status, detail, ...more }),
    delayMs: 0,
    ending: "complete",
  };
}
