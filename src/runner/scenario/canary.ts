// The canary alert: makes the system send a test alert, which proves that its channels reach the inbox.
import type { HistoryLog } from "../../history/history.ts";
import { until } from "../../lib/wait.ts";
import type { Config } from "../../scenarios/types.ts";
import type { Inbox } from "../alerts/inbox.ts";
import { compileCall, type SendOptions } from "../http-call.ts";

export interface CanaryOptions extends SendOptions {
  config: Pick<Config, "canary" | "channels">;
  inbox: Inbox;
  history: HistoryLog;
}

/** Resolves when every channel has heard it, or when the time is up: the judge sees which did not. */
export async function sendCanary({ config, inbox, history, ...options }: CanaryOptions): Promise<void> {
  const { canary, channels } = config;
  if (!canary || channels.length === 0) return;
  const heard = new Set<string>();
  const unsubscribe = history.subscribe((event) => {
    if (event.kind === "alert.fired" && event.canary) heard.add(event.channel);
  });
  inbox.canaryWindow(true);
  try {
    const { status } = await compileCall(canary).send(options);
    if (status > 299) history.append({ source: "runner", kind: "canary.failed", reason: `HTTP ${status}` });
    const { timeoutMs: withinMs, signal } = options;
    await until(() => heard.size === channels.length, { withinMs, ...(signal && { signal }) });
  } catch (cause) {
    history.append({
      source: "runner",
      kind: "canary.failed",
      reason: cause instanceof Error ? cause.message : String(cause),
    });
  } finally {
    inbox.canaryWindow(false);
    unsubscribe();
  }
}
