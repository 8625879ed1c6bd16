// Where a settled state came from: the partner's own word, another transaction's event, or nothing.
import type { Case, Facts } from "../facts.ts";
import type { Span } from "../spans.ts";
import type { Callback, Reading } from "../transaction.ts";
import { decision, isAuthentic, toldOutcome } from "../truth.ts";

export type Explanation =
  | { kind: "told"; seq: number }
  /** Only an event about another transaction explains it. */
  | { kind: "other"; key: string; what: string; t: number; seq: number }
  | { kind: "none" };

/** How long after an event a system may still be working on it, when a cause is looked for. */
const REACTION_MS = 500;

export interface SettledSpan extends Span<Reading> {
  outcome: string;
}

/** The spans in which the system showed a settled state. */
export function settledSpans({ states }: Case): SettledSpan[] {
  return states.flatMap((span) => {
    const { means } = span.value;
    return means?.kind === "settled" ? [{ ...span, outcome: means.outcome }] : [];
  });
}

export function explain(facts: Facts, transaction: Case, span: SettledSpan): Explanation {
  const told = toldOutcome(transaction, span.outcome, span.by);
  if (told) return { kind: "told", seq: told.seq };
  const stray = findStray(facts, transaction, span);
  if (stray) return stray;
  // An event of its own that it may have misread comes before anybody else's.
  if (hasOwnEvent(transaction, span)) return { kind: "none" };
  return findOther(facts, transaction, span) ?? { kind: "none" };
}

/** Well-signed reports under the reference of one transaction and the id of another, where this is one of the two. */
export function misdirectedAbout({ all }: Facts, { key }: Case): Callback[] {
  return all
    .flatMap(({ strays }) => strays)
    .filter(
      (callback) => (callback.sent.key === key || callback.sent.reference === key) && isAuthentic(callback),
    );
}

/** A report that was sent for one transaction under the reference of another, and believed for either of them. */
function findStray(facts: Facts, transaction: Case, span: SettledSpan): Explanation | undefined {
  const stray = misdirectedAbout(facts, transaction).find(
    ({ sent }) => sent.claims === span.outcome && sent.t <= span.by,
  );
  if (!stray) return undefined;
  const { key, reference = key, t, seq } = stray.sent;
  const of = key === transaction.key ? reference : key;
  return { kind: "other", key: of, what: "misdirected callback", t, seq };
}

function isNear(t: number, { after, by }: Span<unknown>): boolean {
  return t > after - REACTION_MS && t <= by;
}

function hasOwnEvent({ submits, callbacks, polls }: Case, span: SettledSpan): boolean {
  return (
    submits.some(({ end }) => end?.kind === "submit.replied" && isNear(end.t, span)) ||
    callbacks.some(({ sent }) => isNear(sent.t, span)) ||
    polls.some(({ replied }) => replied !== undefined && isNear(replied.t, span))
  );
}

function findOther(facts: Facts, transaction: Case, span: SettledSpan): Explanation | undefined {
  for (const other of facts.all) {
    if (other.key === transaction.key) continue;
    for (const callback of other.callbacks) {
      const { sent } = callback;
      if (sent.claims === span.outcome && isAuthentic(callback) && isNear(sent.t, span)) {
        return { kind: "other", key: other.key, what: "callback", t: sent.t, seq: sent.seq };
      }
    }
    for (const { replied } of other.polls) {
      if (replied && decision(replied) === span.outcome && isNear(replied.t, span)) {
        return { kind: "other", key: other.key, what: "status reply", t: replied.t, seq: replied.seq };
      }
    }
  }
  return undefined;
}
