// Sampled readings as intervals: what a sample shows at `t` and the one before at `since` did not, began in (since, t].

/** One recorded reading: the value was seen at `t`; `since` is when the sample before it was taken. */
export interface Sample<T> {
  value: T;
  since: number;
  t: number;
  seq: number;
}

/** Something happened in (after, by]; a moment that is known exactly has both the same. `seq` proves it. */
export interface Interval {
  after: number;
  by: number;
  seq: number;
}

/** A value from its beginning, somewhere in (after, by], to its end, somewhere in (seenUntil, endsBy]. */
export interface Span<T> extends Interval {
  value: T;
  /** The latest moment at which the value was certainly still there. */
  seenUntil: number;
  /** The first sample that showed something else; Infinity when none did. */
  endsBy: number;
}

/** Joins repeated readings; a history that records changes only gives one span a sample. */
export function toSpans<T>(samples: readonly Sample<T>[], isSame: (a: T, b: T) => boolean): Span<T>[] {
  const spans: Span<T>[] = [];
  for (const { value, since, t, seq } of samples) {
    const last = spans.at(-1);
    if (last && isSame(last.value, value)) {
      last.seenUntil = Math.max(last.seenUntil, t);
      continue;
    }
    const after = Math.min(since, t);
    if (last) {
      last.seenUntil = Math.max(last.seenUntil, after);
      last.endsBy = t;
    }
    spans.push({ value, after, by: t, seenUntil: t, endsBy: Number.POSITIVE_INFINITY, seq });
  }
  return spans;
}

/** When the span at `index` began. Unreadable spans before it may have hidden the beginning: they widen the interval. */
export function beginning<T>(
  spans: readonly Span<T>[],
  index: number,
  isKnown: (value: T) => boolean,
): Interval {
  const span = spans[index];
  if (!span) throw new Error(`there is no span ${index}`);
  let after = span.after;
  for (let i = index - 1; i >= 0; i--) {
    const before = spans[i];
    if (!before || isKnown(before.value)) break;
    after = Math.min(after, before.after);
  }
  return { after, by: span.by, seq: span.seq };
}

/** When the span at `index` was over at the latest: unreadable spans after it may hide that it went on. */
export function ending<T>(spans: readonly Span<T>[], index: number, isKnown: (value: T) => boolean): number {
  const next = spans.slice(index + 1).find(({ value }) => isKnown(value));
  return next?.by ?? Number.POSITIVE_INFINITY;
}

/** When an accepted value was reached and kept until the last reading; unreadable spans in between do not break it. */
export function keptFrom<T>(
  spans: readonly Span<T>[],
  accepts: (value: T) => boolean,
  isKnown: (value: T) => boolean,
): Interval | undefined {
  let first: number | undefined;
  for (let i = spans.length - 1; i >= 0; i--) {
    const span = spans[i];
    if (!span || (isKnown(span.value) && !accepts(span.value))) break;
    if (isKnown(span.value)) first = i;
  }
  return first === undefined ? undefined : beginning(spans, first, isKnown);
}

/** When an accepted value was reached for the first time, kept or not. */
export function firstReached<T>(
  spans: readonly Span<T>[],
  accepts: (value: T) => boolean,
  isKnown: (value: T) => boolean,
): Interval | undefined {
  const index = spans.findIndex(({ value }) => isKnown(value) && accepts(value));
  return index < 0 ? undefined : beginning(spans, index, isKnown);
}

/** Both have happened. */
export function laterOf(a: Interval, b: Interval): Interval {
  return { after: Math.max(a.after, b.after), by: Math.max(a.by, b.by), seq: a.by >= b.by ? a.seq : b.seq };
}

/** Where a deadline falls: exactly at the deadline is in time; a deadline inside the interval cannot be decided. */
export function against(interval: Interval, deadline: number): "in-time" | "straddles" | "late" {
  if (interval.by <= deadline) return "in-time";
  return interval.after >= deadline ? "late" : "straddles";
}
