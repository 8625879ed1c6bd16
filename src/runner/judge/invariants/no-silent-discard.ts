// A malformed delivery that was answered 2xx leads to attention or to an alert for that transaction.
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import type { Callback } from "../transaction.ts";
import { isAuthentic, isInterim } from "../truth.ts";
import { at, loggedOnly, quote, shown } from "../wording.ts";
import { settledSpans } from "./explain.ts";
import type { Invariant } from "./invariant.ts";

export const noSilentDiscard: Invariant = {
  summary: "a malformed delivery answered 2xx leads to attention or an alert for that transaction",
  brokenBy: "swallowing what cannot be read and answering 200",
  check,
};

const UNSEEN =
  "whether people were shown what could not be read cannot be told: `workflow.inspect` is missing, and no alert names it";

function check(facts: Facts): CheckOutcome {
  const { states, channels } = facts.header.system;
  if (states === undefined && channels.length === 0) {
    return { kind: "cannot-tell", reason: "neither `workflow.inspect` nor an alert channel is configured" };
  }
  const malformed = facts.all.flatMap((transaction) =>
    // Also what was sent under the reference of another transaction: it may be surfaced for either of the two.
    [...transaction.callbacks, ...transaction.strays]
      .filter(
        (callback) =>
          callback.sent.content === "malformed" && isAuthentic(callback) && callback.answer !== undefined,
      )
      .map((callback) => ({ transaction, callback })),
  );
  const stories = malformed.flatMap(({ transaction, callback }) => judgeOne(facts, transaction, callback));
  const exercised = malformed.length;
  // It may have been surfaced, or read leniently, where nobody can see it.
  if (states === undefined && stories.length > 0)
    return { kind: "judged", exercised, stories: [], untold: UNSEEN };
  return { kind: "judged", exercised, stories };
}

function judgeOne(facts: Facts, transaction: Case, callback: Callback): Story[] {
  const { sent, answer } = callback;
  if (answer?.kind !== "callback.acked") return [];
  // A stage before the last holds no result: once the result itself has come through, nothing is missing.
  if (isInterim(callback) && transaction.ending.kind === "right") return [];
  const about = facts.all.filter(({ key }) => key === transaction.key || key === sent.reference);
  if (about.some((one) => wasSurfaced(facts, one, sent.t)) || wasUnderstood(transaction, sent)) return [];
  const log = loggedOnly(transaction, sent.t);
  const report = isInterim(callback) ? `report of the stage ${quote(sent.stage ?? "")}` : "result";
  const what =
    sent.mutation === undefined
      ? `a malformed ${report}`
      : `a malformed ${report} (${sent.mutation}${sent.field === undefined ? "" : ` of ${sent.field}`})`;
  const text = `${what} was sent ${at(sent.t)} and answered with ${answer.status}, but nobody was told; ${shown(transaction, facts.endT)}${log.text}`;
  return [{ status: "failed", key: transaction.key, text, events: [sent.seq, answer.seq, ...log.events] }];
}

function wasSurfaced({ alerts }: Facts, { key, states }: Case, t: number): boolean {
  return (
    states.some(({ value, endsBy }) => value.means?.kind === "attention" && endsBy > t) ||
    alerts.some(({ fired, named }) => fired.t > t && named.has(key))
  );
}

/** A lenient reader that found the intact outcome discarded nothing. */
function wasUnderstood(transaction: Case, { claims, t }: Callback["sent"]): boolean {
  return (
    claims !== null &&
    settledSpans(transaction).some(({ outcome, endsBy }) => outcome === claims && endsBy > t)
  );
}
