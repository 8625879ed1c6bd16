// Everything that a history says about one transaction, grouped.
import type { EventOf, Group, HistoryEvent, Means } from "../../history/event.ts";
import { callNames } from "./names.ts";
import { type Span, toSpans } from "./spans.ts";

export interface SubmitAttempt {
  received: EventOf<"submit.received">;
  /** Absent: still open when the history ended. */
  end?: EventOf<"submit.replied"> | EventOf<"submit.aborted">;
}

/** One try to deliver a result. */
export interface Callback {
  sent: EventOf<"callback.sent">;
  answer?: EventOf<"callback.acked"> | EventOf<"callback.refused"> | EventOf<"callback.unanswered">;
}

export interface Poll {
  asked: EventOf<"status.asked">;
  replied?: EventOf<"status.replied">;
  /** Neither: still open when the history ended. */
  aborted?: EventOf<"status.aborted">;
}

/** What the system showed. `means` null: the state could not be read, or is not listed. */
export interface Reading {
  state: string | null;
  means: Means | null;
  error?: string;
}

export interface Transaction {
  key: string;
  group: Group;
  invoked: EventOf<"start.invoked">;
  answered?: EventOf<"start.ok"> | EventOf<"start.failed"> | EventOf<"start.unknown">;
  /** What it may be called in an alert. */
  names: string[];
  submits: SubmitAttempt[];
  accepted: EventOf<"submission.accepted">[];
  processed: EventOf<"submission.processed">[];
  lost: EventOf<"submission.lost">[];
  callbacks: Callback[];
  /** Sent beside its own under another reference. */
  strays: Callback[];
  polls: Poll[];
  states: Span<Reading>[];
  effects: Span<number>[];
  /** The last sample showed a state but no effects, so nobody knows whether they changed after the last count. */
  missesEffects: boolean;
  fired: EventOf<"fault.fired">[];
  logs: EventOf<"system.log">[];
  replays: EventOf<"operator.replayed">[];
}

/** The transaction of one `start.invoked`, from the events that carry its key (in order of happening). */
export function readTransaction(
  invoked: EventOf<"start.invoked">,
  events: readonly HistoryEvent[],
  logs: EventOf<"system.log">[],
): Transaction {
  const answered = [
    ...ofKind(events, "start.ok"),
    ...ofKind(events, "start.failed"),
    ...ofKind(events, "start.unknown"),
  ];
  const first = answered.sort((a, b) => a.seq - b.seq)[0];
  const states = ofKind(events, "system.state").map(({ state, means, error, since, t, seq }) => ({
    value: { state, means, ...(error === undefined ? {} : { error }) },
    // Before its start there was nothing to see.
    since: Math.max(since, invoked.t),
    t,
    seq,
  }));
  const effects = ofKind(events, "system.effects").map(({ effects: value, since, t, seq }) => ({
    value,
    since,
    t,
    seq,
  }));
  const callbacks = pairCallbacks(events);
  return {
    key: invoked.key,
    group: invoked.group,
    invoked,
    ...(first ? { answered: first } : {}),
    names: callNames(invoked.key, first?.kind === "start.ok" ? first.id : undefined),
    submits: pairSubmits(events),
    accepted: ofKind(events, "submission.accepted"),
    processed: ofKind(events, "submission.processed"),
    lost: ofKind(events, "submission.lost"),
    callbacks: callbacks.filter(({ sent }) => !isStray(sent)),
    strays: callbacks.filter(({ sent }) => isStray(sent)),
    polls: pairPolls(events),
    states: toSpans(states, isSameReading),
    effects: toSpans(effects, (a, b) => a === b),
    missesEffects:
      ofKind(events, "system.state").at(-1)?.final === true &&
      ofKind(events, "system.effects").at(-1)?.final === undefined,
    fired: ofKind(events, "fault.fired"),
    logs,
    replays: ofKind(events, "operator.replayed"),
  };
}

export function ofKind<K extends HistoryEvent["kind"]>(
  events: readonly HistoryEvent[],
  kind: K,
): EventOf<K>[] {
  return events.filter((event): event is EventOf<K> => event.kind === kind);
}

/** Each try to deliver with its answer, if one came. */
export function pairCallbacks(events: readonly HistoryEvent[]): Callback[] {
  const answers = [
    ...ofKind(events, "callback.acked"),
    ...ofKind(events, "callback.refused"),
    ...ofKind(events, "callback.unanswered"),
  ];
  const byTry = new Map(answers.map((answer) => [tryOf(answer), answer]));
  return ofKind(events, "callback.sent").map((sent) => {
    const answer = byTry.get(tryOf(sent));
    return answer ? { sent, answer } : { sent };
  });
}

/** True when the payload names another transaction than the one whose report it is. */
export function isStray({ key, reference }: EventOf<"callback.sent">): boolean {
  return reference !== undefined && reference !== key;
}

function tryOf({ delivery, attempt }: { delivery: string; attempt: number }): string {
  return `${attempt}|${delivery}`;
}

function pairSubmits(events: readonly HistoryEvent[]): SubmitAttempt[] {
  const ends = new Map(
    [...ofKind(events, "submit.replied"), ...ofKind(events, "submit.aborted")].map((end) => [
      end.request,
      end,
    ]),
  );
  return ofKind(events, "submit.received").map((received) => {
    const end = ends.get(received.request);
    return end ? { received, end } : { received };
  });
}

function pairPolls(events: readonly HistoryEvent[]): Poll[] {
  const byRequest = <Event extends { request: string }>(ends: readonly Event[]) =>
    new Map(ends.map((end) => [end.request, end]));
  const replies = byRequest(ofKind(events, "status.replied"));
  const cuts = byRequest(ofKind(events, "status.aborted"));
  return ofKind(events, "status.asked").map((asked) => {
    const [replied, aborted] = [replies.get(asked.request), cuts.get(asked.request)];
    return { asked, ...(replied && { replied }), ...(aborted && { aborted }) };
  });
}

function isSameReading(a: Reading, b: Reading): boolean {
  return a.state === b.state && meansWord(a.means) === meansWord(b.means);
}

/** `pending`, `attention`, or `settled approved`. */
export function meansWord(means: Means | null): string {
  if (means === null) return "unknown";
  return means.kind === "settled" ? `settled ${means.outcome}` : means.kind;
}

export function isKnown(reading: Reading): boolean {
  return reading.means !== null;
}
