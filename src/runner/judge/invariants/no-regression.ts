// A settled transaction never changes again.
import type { EventOf } from "../../../history/event.ts";
import { formatDuration } from "../../../lib/duration.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import type { Span } from "../spans.ts";
import { isKnown, type Reading } from "../transaction.ts";
import { decision } from "../truth.ts";
import { at, quote } from "../wording.ts";
import { type Invariant, UNSEEN_STATES } from "./invariant.ts";

export const noRegression: Invariant = {
  summary: "a settled transaction never changes again",
  brokenBy: "late pending, contradicting second result, stale status",
  check,
};

function check(facts: Facts): CheckOutcome {
  if (facts.header.system.states === undefined) return UNSEEN_STATES;
  const settled = facts.all.filter(({ states }) =>
    states.some(({ value }) => value.means?.kind === "settled"),
  );
  return { kind: "judged", exercised: settled.length, stories: settled.flatMap(judgeOne) };
}

function judgeOne(transaction: Case): Story[] {
  const known = transaction.states.filter(({ value }) => isKnown(value));
  for (const [index, span] of known.entries()) {
    const before = known[index - 1];
    if (!before || !isRegression(transaction, before, span)) continue;
    const delivery = transaction.callbacks.findLast(
      ({ sent }) => sent.t <= span.by && sent.t > before.by,
    )?.sent;
    const cause = delivery ? `, after a delivery that says ${said(delivery)} ${at(delivery.t)}` : "";
    const text = `was settled as ${quote(before.value.state ?? "")} since ${formatDuration(before.by)}, but shows ${quote(
      span.value.state ?? "",
    )} since ${formatDuration(span.by)}${cause}`;
    return [{ status: "failed", key: transaction.key, text, events: [before.seq, span.seq, delivery?.seq] }];
  }
  return [];
}

function said({ claims, interim, stage }: EventOf<"callback.sent">): string {
  return quote(claims ?? (interim ? (stage ?? "") : "nothing readable"));
}

function isRegression({ processed }: Case, before: Span<Reading>, now: Span<Reading>): boolean {
  const was = before.value.means;
  const is = now.value.means;
  if (was?.kind !== "settled" || is === null) return false;
  if (is.kind === "pending") return true;
  if (is.kind === "settled" && was.outcome === is.outcome) return false;
  // The ledger itself may have corrected the outcome: following it is right, and so is asking people what to do.
  const first = processed.find((event) => decision(event) === was.outcome);
  return !processed.some(
    (event) =>
      first &&
      event.seq > first.seq &&
      event.t <= now.by &&
      (is.kind === "attention" ? decision(event) !== was.outcome : decision(event) === is.outcome),
  );
}
