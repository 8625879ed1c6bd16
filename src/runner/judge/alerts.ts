// The alerts of a history: which transactions each one names, and until when it was open.
import type { EventOf, HistoryEvent } from "../../history/event.ts";
import type { ChannelHeader, HistoryHeader } from "../../history/header.ts";
import { namesAnyOf } from "./names.ts";
import { ofKind, type Transaction } from "./transaction.ts";

export interface Alert {
  fired: EventOf<"alert.fired">;
  channel: ChannelHeader;
  /** Keys of the transactions that its text names. */
  named: ReadonlySet<string>;
  namesPartner: boolean;
  /** The first message after it that closed it. */
  resolved?: EventOf<"alert.resolved">;
  /** Every message after it that closed it. */
  closings: EventOf<"alert.resolved">[];
}

/** Every alert except the canary's, in order. */
export function readAlerts(
  header: HistoryHeader,
  events: readonly HistoryEvent[],
  transactions: readonly Transaction[],
): Alert[] {
  const resolves = ofKind(events, "alert.resolved");
  const isNamed = transactions.map(({ key, names }) => ({ key, test: namesAnyOf(names) }));
  const namesPartner = namesAnyOf([header.partner.name], { anyCase: true });
  return ofKind(events, "alert.fired")
    .filter(({ canary }) => !canary)
    .map((fired) => {
      const closings = resolves.filter(
        ({ channel, alert, seq }) => seq > fired.seq && channel === fired.channel && alert === fired.alert,
      );
      const [resolved] = closings;
      return {
        fired,
        closings,
        channel: channelOf(header, fired.channel),
        named: new Set(isNamed.filter(({ test }) => test(fired.text)).map(({ key }) => key)),
        namesPartner: namesPartner(fired.text),
        ...(resolved ? { resolved } : {}),
      };
    });
}

/** Channels on which anything arrived in this run, the canary included. */
export function provenChannels(events: readonly HistoryEvent[]): Set<string> {
  return new Set(ofKind(events, "alert.fired").map(({ channel }) => channel));
}

/** Chat cannot be closed; an incident can. */
export function isClosable({ channel }: Alert): boolean {
  return channel.kind === "pagerduty" || channel.kind === "webhook";
}

export function isOpenAt({ fired, resolved }: Alert, t: number): boolean {
  return fired.t <= t && (resolved === undefined || resolved.t > t);
}

function channelOf(header: HistoryHeader, name: string): ChannelHeader {
  return (
    header.system.channels.find((channel) => channel.name === name) ?? { name, kind: "webhook", for: [] }
  );
}
