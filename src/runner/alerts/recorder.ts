// From what a channel understood to what the history says: alert.fired, alert.resolved or alert.rejected.
import type { HistoryLog } from "../../history/history.ts";
import { boundText } from "./alert-text.ts";
import type { Message } from "./message.ts";
import { createOpenAlerts } from "./open-alerts.ts";

export interface Received {
  channel: string;
  /** What was answered. */
  status: number;
  message: Message;
  canary: boolean;
  /** Indexes of the faults that refused it. */
  faults?: number[];
}

const MAX_REASON = 500;

/** `namesIn`: transactions (keys or ids) that a text names; see boundText. */
export function createRecorder(
  history: HistoryLog,
  namesIn?: (text: string) => readonly string[],
): (received: Received) => void {
  const open = createOpenAlerts();
  return ({ channel, status, message, canary, faults }) => {
    switch (message.kind) {
      case "nothing":
        return;
      case "refuse": {
        const reason = message.reason.slice(0, MAX_REASON);
        history.append({
          source: "inbox",
          kind: "alert.rejected",
          channel,
          status,
          reason,
          ...(faults && { faults }),
        });
        return;
      }
      case "fire": {
        const { dedup, severity } = message;
        const { alert, repeat } = open.fire(channel, dedup, message.text);
        const text = boundText(message.text, namesIn);
        const grade = severity === undefined ? {} : { severity };
        history.append({
          source: "inbox",
          kind: "alert.fired",
          channel,
          alert,
          ...grade,
          text,
          canary,
          repeat,
        });
        return;
      }
      case "resolve": {
        // Without an open alert a resolve is accepted and dropped, as PagerDuty does.
        const alert = open.resolve(channel, message.dedup, message.text);
        if (alert === undefined) return;
        const text = boundText(message.text, namesIn);
        history.append({ source: "inbox", kind: "alert.resolved", channel, alert, text });
        return;
      }
    }
  };
}
