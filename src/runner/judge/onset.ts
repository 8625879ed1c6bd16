// The onset: when the partner first broke its promise for a transaction (oracles.md, "Onset"). Deadlines count from it.
import type { EventOf } from "../../history/event.ts";
import type { FaultHeader } from "../../history/header.ts";
import type { SubmitAttempt, Transaction } from "./transaction.ts";
import { correctionOf, decision, isHonest, isInterim, type Truth } from "./truth.ts";

export interface Onset {
  fault: FaultHeader;
  t: number;
  /** The request in which an `attempt` fault showed itself: it is no reaction to the fault. */
  request?: string;
  /** Proof, where an event marks the moment. */
  seq?: number;
}

export interface OnsetContext {
  faults: readonly FaultHeader[];
  promisesMs: number;
  /** Time of the last event. */
  endT: number;
  truth: Truth | undefined;
}

/** One onset for each fault that fired on the transaction and was felt; earliest first. */
export function onsetsOf(transaction: Transaction, context: OnsetContext): Onset[] {
  const onsets: Onset[] = [];
  for (const fault of context.faults) {
    const fired = transaction.fired.find((event) => event.fault === fault.index);
    const onset = fired && onsetOf(transaction, fault, fired, context);
    if (onset) onsets.push(onset);
  }
  return onsets.sort((a, b) => a.t - b.t);
}

function onsetOf(
  transaction: Transaction,
  fault: FaultHeader,
  fired: EventOf<"fault.fired">,
  context: OnsetContext,
): Onset | undefined {
  switch (fault.onset) {
    case "attempt": {
      const own = firstHit(transaction, fault, fired);
      const moment = cutReply(fault, own) ?? fired;
      return { fault, t: moment.t, seq: moment.seq, ...(own ? { request: own.received.request } : {}) };
    }
    case "start":
      return { fault, t: transaction.invoked.t, seq: transaction.invoked.seq };
    case "promise":
      return brokenPromise(transaction, fault, context);
    case "delivery":
      return at(fault, firstShaped(transaction, fault));
    case "second-delivery":
      return at(fault, secondDelivery(transaction, fault));
    case "poll":
      return at(fault, firstBadPoll(transaction, fault, fired));
    case "signal":
      return at(fault, fired);
    case "none":
      return undefined;
    case "correction":
      return at(fault, correctionOf(transaction) ?? fired);
  }
}

/** The first delivery that the fault shaped, under whatever reference. */
function firstShaped(
  { callbacks, strays }: Transaction,
  { index }: FaultHeader,
): EventOf<"callback.sent"> | undefined {
  const shaped = [...callbacks, ...strays].filter(({ sent }) => sent.faults?.includes(index));
  return shaped.map(({ sent }) => sent).sort((a, b) => a.seq - b.seq)[0];
}

/** Whoever gave up waiting for a bad answer has felt it without any reply: what came first counts. */
function firstBadPoll(
  { polls }: Transaction,
  { index }: FaultHeader,
  fired: EventOf<"fault.fired">,
): { t: number; seq: number } {
  const replied = polls.find((poll) => poll.replied?.faults?.includes(index))?.replied;
  return replied && replied.seq < fired.seq ? replied : fired;
}

/** The submit attempt that the fault hit first. */
function firstHit(
  { submits }: Transaction,
  { index }: FaultHeader,
  fired: EventOf<"fault.fired">,
): SubmitAttempt | undefined {
  const marked = submits.find(
    ({ received, end }) => received.faults?.includes(index) || end?.faults?.includes(index),
  );
  if (marked || fired.point !== "submit") return marked;
  return submits.find(({ received }) => received.attempt === fired.attempt);
}

/** A lost reply is felt when the connection closes, which may be later than the decision to lose it. */
function cutReply(
  { fault, settings }: FaultHeader,
  attempt: SubmitAttempt | undefined,
): EventOf<"submit.aborted"> | undefined {
  if (fault !== "submit.lost-reply" || settings.ending === "hang") return undefined;
  return attempt?.end?.kind === "submit.aborted" ? attempt.end : undefined;
}

/** When the promised time ran out; undefined when the system had the result by then, or the history ended before. */
function brokenPromise(
  transaction: Transaction,
  fault: FaultHeader,
  context: OnsetContext,
): Onset | undefined {
  const accepted = transaction.accepted[0];
  if (!accepted) return undefined;
  const due = accepted.t + context.promisesMs;
  if (context.endT < due || hadResult(transaction, due, context.truth)) return undefined;
  return { fault, t: due, seq: accepted.seq };
}

function hadResult(transaction: Transaction, due: number, truth: Truth | undefined): boolean {
  const reported = transaction.callbacks.some(
    (callback) =>
      isHonest(callback) &&
      !isInterim(callback) &&
      callback.answer?.kind === "callback.acked" &&
      callback.answer.t <= due,
  );
  const asked = transaction.polls.some(
    ({ replied }) => replied && replied.t <= due && decision(replied) === truth?.outcome,
  );
  // A change that may have happened before the promise ran out is no lateness that anybody must notice.
  const settled = transaction.states.some(
    ({ value, after }) =>
      value.means?.kind === "settled" && value.means.outcome === truth?.outcome && after < due,
  );
  return reported || (truth !== undefined && (asked || settled));
}

/** Retries of one delivery are not a second one, and each stage of a submission has a first of its own. */
function secondDelivery(
  { callbacks }: Transaction,
  { index }: FaultHeader,
): EventOf<"callback.sent"> | undefined {
  const all = callbacks.map((callback) => callback.sent);
  const shaped = all.find(({ faults }) => faults?.includes(index)) ?? all.findLast(({ interim }) => !interim);
  const sent = all.filter(({ stage }) => stage === shaped?.stage);
  return sent.filter(({ attempt }) => attempt === 1)[1] ?? sent[1];
}

function at(fault: FaultHeader, event: { t: number; seq: number } | undefined): Onset | undefined {
  return event && { fault, t: event.t, seq: event.seq };
}
