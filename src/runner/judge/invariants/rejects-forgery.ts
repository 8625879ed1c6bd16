// A delivery with a bad signature, an old timestamp or an unknown id changes nothing and is not answered 2xx.
import type { SystemHeader } from "../../../history/header.ts";
import { formatDuration } from "../../../lib/duration.ts";
import { paidBy } from "../effects.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import type { Callback } from "../transaction.ts";
import { toldOutcome } from "../truth.ts";
import { at, plural, quote } from "../wording.ts";
import { settledSpans } from "./explain.ts";
import type { Invariant } from "./invariant.ts";

export const rejectsForgery: Invariant = {
  summary:
    "a delivery with a bad signature, an old timestamp or an unknown id changes nothing and is not answered 2xx",
  brokenBy: "forged, replayed, unsigned, rotated secret",
  check,
};

function check(facts: Facts): CheckOutcome {
  const forged = facts.all.flatMap((transaction) =>
    [...transaction.callbacks, ...strays(facts, transaction)]
      .filter(isForged)
      .map((callback) => ({ transaction, callback })),
  );
  const unknown = facts.unknownCallbacks.filter(
    (callback) => isForged(callback) || (callback.sent.faults?.length ?? 0) > 0,
  );
  return {
    kind: "judged",
    exercised: forged.length + unknown.length,
    stories: [
      ...forged.flatMap(({ transaction, callback }) => judgeOne(facts, transaction, callback)),
      ...unknown.flatMap((callback) => {
        const { key, reference = key } = callback.sent;
        return taken(callback, key, `about ${reference}, which nobody submitted,`);
      }),
    ],
    ...(facts.header.partner.signs === "none" ? { reason: "the contract signs nothing" } : {}),
  };
}

/** Under the reference of another transaction that exists; the others are among those that nobody submitted. */
function strays({ unknownCallbacks }: Facts, { strays }: Case): Callback[] {
  return strays.filter((callback) => !unknownCallbacks.includes(callback));
}

function isForged({ sent }: Callback): boolean {
  return sent.signature === "forged" || sent.signature === "missing" || sent.signature === "stale";
}

const FLAWS = {
  forged: "with a wrong signature",
  missing: "without a signature",
  stale: "with an old timestamp",
} as const;

function judgeOne(facts: Facts, transaction: Case, callback: Callback): Story[] {
  const { sent } = callback;
  const flaw =
    sent.signature === "valid" || sent.signature === "none" ? sent.signature : FLAWS[sent.signature];
  // A misdirected one may be believed of the transaction that it refers to.
  const about = facts.all.filter(({ key }) => key === transaction.key || key === sent.reference);
  return [
    ...taken(callback, transaction.key, flaw),
    ...about.flatMap((one) => changed(facts, one, callback, flaw)),
  ];
}

function changed({ header }: Facts, transaction: Case, callback: Callback, flaw: string): Story[] {
  const settled = believed(transaction, callback, flaw);
  return settled.length > 0 ? settled : paid(header.system, transaction, callback, flaw);
}

function taken({ sent, answer }: Callback, key: string, flaw: string): Story[] {
  if (answer?.kind !== "callback.acked") return [];
  const text = `a delivery ${flaw} was sent ${at(sent.t)} and answered with ${answer.status}; it was to be refused`;
  return [{ status: "failed", key, text, events: [sent.seq, answer.seq] }];
}

/** It settled as the forgery says, and nobody else had ever said so. */
function believed(transaction: Case, { sent }: Callback, flaw: string): Story[] {
  const span = settledSpans(transaction).find(
    ({ outcome, by }) => outcome === sent.claims && by > sent.t && !toldOutcome(transaction, outcome, by),
  );
  if (!span) return [];
  const text = `a delivery ${flaw} was sent ${at(sent.t)} and believed: ${quote(span.value.state ?? "")} since ${formatDuration(span.by)}`;
  return [{ status: "failed", key: transaction.key, text, events: [sent.seq, span.seq] }];
}

/** It did what the forgery calls for, and nobody else had ever called for it. */
function paid(system: SystemHeader, transaction: Case, { sent }: Callback, flaw: string): Story[] {
  const rise = paidBy(system, transaction, sent);
  if (!rise) return [];
  const text = `a delivery ${flaw} was sent ${at(sent.t)}, and nothing honest calls for the ${plural(rise.value, "effect")} seen since ${formatDuration(rise.by)}`;
  // Seen only after it, but perhaps there before: then something else was mistaken for a result.
  const status = rise.after >= sent.t ? "failed" : "inconclusive";
  return [{ status, key: transaction.key, text, events: [sent.seq, rise.seq] }];
}
