// A settled state appears only after the partner decided that outcome and sent it.
import { formatDuration } from "../../../lib/duration.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { at, quote } from "../wording.ts";
import { explain, type SettledSpan, settledSpans } from "./explain.ts";
import { type Invariant, UNSEEN_STATES } from "./invariant.ts";

export const noInventedResult: Invariant = {
  summary:
    "a settled state appears only after the partner decided that outcome and sent it (callback or status reply)",
  brokenBy: "202 taken for success, forged or malformed result, unknown status word",
  check,
};

function check(facts: Facts): CheckOutcome {
  if (facts.header.system.states === undefined) return UNSEEN_STATES;
  const settled = facts.all.map((transaction) => ({ transaction, spans: settledSpans(transaction) }));
  return {
    kind: "judged",
    exercised: settled.filter(({ spans }) => spans.length > 0).length,
    stories: settled.flatMap(({ transaction, spans }) =>
      spans
        .filter((span) => explain(facts, transaction, span).kind === "none")
        .map((span) => toStory(facts, transaction, span)),
    ),
  };
}

function toStory({ header }: Facts, transaction: Case, span: SettledSpan): Story {
  const cause = likelyCause(transaction, span);
  const text = `shows ${quote(span.value.state ?? "")} (${span.outcome}) since ${formatDuration(span.by)}, but ${header.partner.name} had not reported that${cause.text}`;
  return { status: "failed", key: transaction.key, text, events: [span.seq, ...cause.events] };
}

/** The last thing that the system may have mistaken for a result. */
function likelyCause(
  { submits, callbacks, truth }: Case,
  { by }: SettledSpan,
): { text: string; events: number[] } {
  const delivery = callbacks
    .map(({ sent }) => sent)
    .findLast(
      ({ t, signature, content, interim }) =>
        t <= by && (interim || ((signature !== "valid" || content !== "genuine") && signature !== "none")),
    );
  if (delivery?.interim && delivery.content === "genuine") {
    const stage = quote(delivery.stage ?? "");
    return { text: `: the stage ${stage} had been reported ${at(delivery.t)}`, events: [delivery.seq] };
  }
  if (delivery) {
    const flaw =
      delivery.signature === "valid"
        ? (delivery.mutation ?? delivery.content)
        : `signature ${delivery.signature}`;
    return { text: `: a delivery (${flaw}) had come ${at(delivery.t)}`, events: [delivery.seq] };
  }
  const reply = submits.map(({ end }) => end).findLast((end) => end !== undefined && end.t <= by);
  if (reply?.kind === "submit.replied") {
    return {
      text: `: the submission had been answered with ${reply.status} ${at(reply.t)}`,
      events: [reply.seq],
    };
  }
  if (truth)
    return { text: `: its outcome is ${truth.outcome}, decided ${at(truth.t)}`, events: [truth.seq] };
  return { text: "", events: [] };
}
