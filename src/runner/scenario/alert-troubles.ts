// Performs the faults at the point `alerts`: says of each message to a channel whether the channel is in trouble.
import type { HistoryLog } from "../../history/history.ts";
import { faultNamed } from "../../simulator/faults/index.ts";
import type { Plan } from "../../simulator/plan/plan.ts";
import type { Troubles } from "../alerts/trouble.ts";
import type { Progress } from "./progress.ts";

export interface AlertTroublesOptions {
  plan: Plan;
  /** In the order of neverfails.yaml. */
  channels: readonly { name: string }[];
  history: HistoryLog;
  progress: Pick<Progress, "faulted" | "inFlight">;
  /** Transactions that a text names. */
  keysIn: (text: string) => string[];
}

/** Undefined when the schedule holds no such fault. */
export function alertTroubles(options: AlertTroublesOptions): Troubles | undefined {
  const { plan, channels, history, progress, keysIn } = options;
  if (!plan.schedule.faults.some(({ fault }) => faultNamed(fault).point === "alerts")) return undefined;
  const messages = new Map<string, number>();
  const recorded = new Set<string>();
  return {
    of(channel) {
      const attempt = (messages.get(channel) ?? 0) + 1;
      messages.set(channel, attempt);
      const position = channels.findIndex(({ name }) => name === channel);
      for (const { index, fault, settings } of plan.at("alerts", { key: channel, ordinal: 0 }, attempt)) {
        if (fault.point === "alerts" && fault.reaches({ name: channel, position }, settings))
          return { fault: index, trouble: fault.troubles(settings) };
      }
      return undefined;
    },
    met({ fault }, text) {
      for (const key of concerned(keysIn(text))) {
        const mark = `${fault} ${key}`;
        if (recorded.has(mark)) continue;
        recorded.add(mark);
        history.append({ source: "inbox", kind: "fault.fired", fault, point: "alerts", key, attempt: 1 });
      }
    },
  };

  /** Those that the message names; without names all that are in flight; when nothing is any more, all of them. */
  function concerned(named: readonly string[]): string[] {
    const faulted = progress.faulted();
    const candidates = [faulted.filter((key) => named.includes(key)), progress.inFlight()];
    return candidates.find((keys) => keys.length > 0) ?? faulted;
  }
}
