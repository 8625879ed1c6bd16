// Signs that the system knows about a broken promise: its state, a signal, an alert that names it, an action.
import type { DetectThrough } from "../../history/header.ts";
import type { Case, Facts } from "./facts.ts";
import type { Onset } from "./onset.ts";
import { beginning, ending, type Interval, type Span } from "./spans.ts";
import { isKnown } from "./transaction.ts";

export interface Sign extends Interval {
  through: DetectThrough;
}

export const ALL_WAYS: readonly DetectThrough[] = ["state", "signal", "alert", "action"];

/** Every sign at or after the onset, by when it was certain. A log line is no sign. */
export function signsOf(
  facts: Facts,
  transaction: Case,
  onset: Onset,
  through: readonly DetectThrough[],
): Sign[] {
  return through
    .flatMap((way) =>
      intervalsOf(facts, transaction, onset, way).map((interval) => ({ ...interval, through: way })),
    )
    .sort((a, b) => a.by - b.by);
}

function intervalsOf(facts: Facts, transaction: Case, onset: Onset, through: DetectThrough): Interval[] {
  switch (through) {
    case "state":
      return attentionSpans(transaction).flatMap((span) => overlap(span, onset.t));
    case "signal":
      return unhealthySpans(facts).flatMap((span) => overlap(span, onset.t));
    case "alert":
      return facts.alerts
        .filter(({ fired, named }) => fired.t > onset.t && named.has(transaction.key))
        .map(({ fired }) => exactly(fired));
    case "action":
      return actions(transaction, onset).map(exactly);
  }
}

function attentionSpans({ states }: Case): Span<unknown>[] {
  return states.flatMap((span, index) =>
    span.value.means?.kind === "attention" ? [widened(states, index, isKnown)] : [],
  );
}

/** With its beginning and its end as far apart as unreadable samples around it leave them. */
function widened<T>(spans: readonly Span<T>[], index: number, isKnown: (value: T) => boolean): Span<T> {
  const span = spans[index];
  if (!span) throw new Error(`there is no span ${index}`);
  return { ...span, ...beginning(spans, index, isKnown), endsBy: ending(spans, index, isKnown) };
}

/** Turned unhealthy for the faults: what was unhealthy before the first onset says nothing about them. */
function unhealthySpans({ signals, header, firstOnset = 0 }: Facts): Span<unknown>[] {
  return header.system.signals.flatMap((name) => {
    const spans = signals.get(name) ?? [];
    return spans.flatMap((span, index) =>
      span.value.healthy === false && span.by > firstOnset
        ? [widened(spans, index, ({ healthy }) => healthy !== null)]
        : [],
    );
  });
}

/** Events of one request are stamped within this many milliseconds: what comes later is another request. */
const SAME_MOMENT_MS = 5;

/** A retry, a resubmission, a poll: what the system itself did about this transaction after the onset, asked by nobody. */
function actions({ submits, polls, replays }: Case, onset: Onset): { t: number; seq: number }[] {
  const requests = submits.map(({ received }) => received).filter(({ request }) => request !== onset.request);
  const isOwnRequest = onset.fault.onset === "attempt" || onset.fault.onset === "poll";
  const from = isOwnRequest ? onset.t + SAME_MOMENT_MS : onset.t;
  return [...requests, ...polls.map(({ asked }) => asked)].filter(
    ({ t }) => t > from && !replays.some((replay) => replay.t <= t),
  );
}

/** The part of a span from the onset on: none when it was certainly over, possible only when its end is not certain. */
function overlap(span: Span<unknown>, onset: number): Interval[] {
  if (span.endsBy <= onset) return [];
  const after = Math.max(span.after, onset);
  if (span.seenUntil >= onset) return [{ after, by: Math.max(span.by, onset), seq: span.seq }];
  return [{ after, by: Number.POSITIVE_INFINITY, seq: span.seq }];
}

function exactly({ t, seq }: { t: number; seq: number }): Interval {
  return { after: t, by: t, seq };
}
