// A hanging request, a submission or a question, is abandoned by the system within the bound.
import type { EventOf } from "../../../history/event.ts";
import { formatDuration } from "../../../lib/duration.ts";
import { absences } from "../absences.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import type { Poll, SubmitAttempt } from "../transaction.ts";
import { at } from "../wording.ts";
import type { Invariant } from "./invariant.ts";

export const givesUpWaiting: Invariant = {
  summary: "a hanging request is abandoned within the bound",
  brokenBy: "a missing timeout",
  check,
};

/** The partner notices a closed connection a moment later. */
const TOLERANCE_MS = 50;
const SAME_MOMENT_MS = 5;

type End =
  | EventOf<"submit.replied">
  | EventOf<"submit.aborted">
  | EventOf<"status.replied">
  | EventOf<"status.aborted">;

/** A request of either kind. */
interface Waiting {
  transaction: Case;
  what: "attempt" | "status request";
  began: EventOf<"submit.received"> | EventOf<"status.asked">;
  /** Absent: still open when the history ended. */
  end: End | undefined;
}

function check(facts: Facts): CheckOutcome {
  const bound = facts.header.scenario.bounds.givesUpMs;
  const held = facts.all
    .flatMap((transaction) => requestsOf(transaction))
    .filter((waiting) => isHeld(facts, waiting) || heldFor(facts, waiting) > bound + TOLERANCE_MS);
  return {
    kind: "judged",
    exercised: held.length,
    stories: held.flatMap((waiting) => judgeOne(facts, waiting, bound)),
  };
}

function requestsOf(transaction: Case): Waiting[] {
  const submitted = ({ received, end }: SubmitAttempt): Waiting => ({
    transaction,
    what: "attempt",
    began: received,
    end,
  });
  const asked = ({ asked, replied, aborted }: Poll): Waiting => ({
    transaction,
    what: "status request",
    began: asked,
    end: replied ?? aborted,
  });
  return [...transaction.submits.map(submitted), ...transaction.polls.map(asked)];
}

function judgeOne(facts: Facts, waiting: Waiting, bound: number): Story[] {
  const { transaction, what, began, end } = waiting;
  const { key } = transaction;
  const ms = heldFor(facts, waiting);
  const events = [began.seq, end?.seq];
  const due = `${what} ${began.attempt} ${at(began.t)} got no answer and was to be given up within ${formatDuration(bound)}`;
  if (ms > bound + TOLERANCE_MS) {
    const text = `${due}; it waited for ${formatDuration(ms)}${end ? "" : " and still does"}`;
    return [{ status: "failed", key, text, events, timing: true }];
  }
  if (end && (!isAborted(end) || end.by === "client")) return [];
  const text = `${due}; after ${formatDuration(ms)} the ${end ? "partner closed it" : "run ended"}`;
  return [{ status: "inconclusive", key, text, events, timing: true }];
}

function isAborted(end: End): end is EventOf<"submit.aborted"> | EventOf<"status.aborted"> {
  return end.kind === "submit.aborted" || end.kind === "status.aborted";
}

/** How long it waited while it could do anything about it. */
function heldFor(facts: Facts, { began, end }: Waiting): number {
  const until = end?.t ?? facts.endT;
  const away = absences(facts).map(({ from, to }) => Math.min(to, until) - Math.max(from, began.t));
  return until - began.t - away.reduce((sum, ms) => sum + Math.max(0, ms), 0);
}

/** A fault held this very request open. */
function isHeld({ header }: Facts, { transaction: { fired }, began, end }: Waiting): boolean {
  return header.faults.some(
    ({ index, fault, settings }) =>
      (fault === "connection.hangs" ||
        fault === "submit.drips" ||
        (fault === "submit.lost-reply" && settings.ending === "hang")) &&
      (began.faults?.includes(index) ||
        end?.faults?.includes(index) ||
        fired.some((event) => event.fault === index && isSameRequest(event, began))),
  );
}

/** Attempts are counted per point, so a connection fault is matched by its moment. */
function isSameRequest({ point, attempt, t }: EventOf<"fault.fired">, began: Waiting["began"]): boolean {
  if (point === "submit") return began.kind === "submit.received" && attempt === began.attempt;
  return Math.abs(t - began.t) < SAME_MOMENT_MS;
}
