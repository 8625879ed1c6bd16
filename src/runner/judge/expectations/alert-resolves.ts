// `alerts.resolves`: what was reported as broken is reported as over, in time, wherever the channel can say so.
import { formatDuration } from "../../../lib/duration.ts";
import { type Alert, isClosable } from "../alerts.ts";
import type { Case, Facts } from "../facts.ts";
import { listKeys, type Story } from "../outcome.ts";
import { type Interval, laterOf } from "../spans.ts";
import { at } from "../wording.ts";

interface Closing {
  stories: Story[];
  reason?: string;
  untold?: string;
}

/** Counts from the moment at which the last affected transaction was settled right. */
export function resolves(facts: Facts, matching: readonly Alert[], withinMs: number): Closing {
  const { firstOnset = 0 } = facts;
  const closable = matching.filter((alert) => isClosable(alert) && alert.fired.t > firstOnset);
  if (closable.length === 0) {
    return {
      stories: [],
      untold: "whether alerts are resolved cannot be told: none came on a channel that can close one",
    };
  }
  if (facts.header.system.states === undefined) {
    return {
      stories: [],
      untold: "whether alerts are resolved in time cannot be told: `workflow.inspect` is missing",
    };
  }
  const over = recovery(facts);
  if (over.kind === "open") {
    const names = listKeys(over.keys);
    if (facts.header.scenario.expect.recovers?.to === "attention") {
      return {
        stories: [],
        reason: `resolves was not exercised: ${names} never settled, so the problem is still open`,
      };
    }
    const text = `an alert was to be resolved once everything had settled right, which never happened for ${names}`;
    return { stories: [{ status: "inconclusive", text, events: [] }] };
  }
  return { stories: lastFirings(closable).flatMap((alert) => judgeOne(facts, alert, over.since, withinMs)) };
}

function recovery({ affected }: Facts): { kind: "over"; since: Interval } | { kind: "open"; keys: string[] } {
  const open = affected.filter(({ ending }) => ending.kind !== "right").map(({ key }) => key);
  const ends = affected.flatMap(({ ending }) => (ending.kind === "right" ? [ending.since] : []));
  const [first, ...rest] = ends;
  return open.length > 0 || !first
    ? { kind: "open", keys: open }
    : { kind: "over", since: rest.reduce(laterOf, first) };
}

/** One for each alert that was ever open: what counts is whether the last time it fired was closed. */
function lastFirings(alerts: readonly Alert[]): Alert[] {
  return [...new Map(alerts.map((alert) => [`${alert.fired.channel} ${alert.fired.alert}`, alert])).values()];
}

/**
 * When the problem that it is about may have been over at the earliest. One that names transactions: when all of them
 * were right. One that names none, such as that the partner is away: when the partner served any of them again.
 */
function overAtTheEarliest({ affected, withOnset }: Facts, { named }: Alert): number {
  const about = affected.filter(({ key }) => named.has(key));
  if (about.length > 0) return Math.max(...about.flatMap(rightAfter));
  return Math.min(...affected.flatMap(rightAfter), ...withOnset.flatMap(servedAgain));
}

function rightAfter({ ending }: Case): number[] {
  return ending.kind === "right" ? [ending.since.after] : [];
}

/** Good answers to what was sent or asked after the onset. */
function servedAgain({ onsets, submits, polls }: Facts["withOnset"][number]): number[] {
  const answers = [...submits.map(({ end }) => end), ...polls.map(({ replied }) => replied)];
  return answers.flatMap((answer) => {
    if (!answer || answer.kind === "submit.aborted" || answer.faults) return [];
    return answer.status < 300 && answer.t > onsets[0].t ? [answer.t] : [];
  });
}

function judgeOne(facts: Facts, alert: Alert, over: Interval, withinMs: number): Story[] {
  const { endT } = facts;
  const { fired, closings } = alert;
  // Closed while the problem was still open, it told people that there was nothing left to do.
  const possible = overAtTheEarliest(facts, alert);
  const resolved = closings.find(({ t }) => t >= possible);
  const early = closings.findLast(({ t }) => t < possible);
  // An alert that fires after the recovery is given the same time from then on.
  const from = { after: Math.max(over.after, fired.t), by: Math.max(over.by, fired.t) };
  const deadline = { after: from.after + withinMs, by: from.by + withinMs };
  const due = `the alert on ${fired.channel} ${at(fired.t)} was to be resolved by ${formatDuration(deadline.by)} (everything had settled right ${at(from.by)})`;
  const events = [fired.seq, over.seq, (resolved ?? early)?.seq];
  if (!resolved && early) {
    const text = `${due}, it was only closed ${at(early.t)}, when the problem was still open`;
    return [{ status: "failed", timing: true, text, events }];
  }
  if (!resolved) {
    return endT < deadline.by
      ? [{ status: "inconclusive", timing: true, text: `${due}, the run ended ${at(endT)}`, events }]
      : [{ status: "failed", timing: true, text: `${due}, it never was`, events }];
  }
  // The deadline is what is only known as an interval here: resolved before its beginning is in time for certain.
  if (resolved.t <= deadline.after) return [];
  if (resolved.t > deadline.by) {
    return [{ status: "failed", timing: true, text: `${due}, it was ${at(resolved.t)}`, events }];
  }
  return [
    {
      status: "inconclusive",
      timing: true,
      text: `${due}, it was ${at(resolved.t)}: too close to tell`,
      events,
    },
  ];
}
