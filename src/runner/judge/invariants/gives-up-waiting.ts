// A hanging request, a submission or a question, is abandoned by the system within the bound.
import type { EventOf } from "../../../history/event.ts";
import { formatDuration } from "../../../lib/duration.ts";
import { type Absence, absences } from "../absences.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { earliestOf, type Stall, stallsIn } from "../stalls.ts";
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
/** The version of histories from which on `status.aborted` is in them. */
const TELLS_ABORTED_QUESTIONS = 2;

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
  until: number;
}

/** Milliseconds, for which noting things late leaves some room. */
interface Held {
  least: number;
  most: number;
}

function check(facts: Facts): CheckOutcome {
  const bound = facts.header.scenario.bounds.givesUpMs;
  const [away, stalls] = [absences(facts), stallsIn(facts)];
  const held = facts.all
    .flatMap((transaction) => requestsOf(transaction, facts))
    .map((waiting) => ({ waiting, heldMs: heldFor(waiting, away, stalls) }))
    .filter(({ waiting, heldMs }) => isHeld(facts, waiting) || heldMs.most > bound + TOLERANCE_MS);
  return {
    kind: "judged",
    exercised: held.length,
    stories: held.flatMap(({ waiting, heldMs }) => judgeOne(waiting, heldMs, bound)),
  };
}

function requestsOf(transaction: Case, { header, endT }: Facts): Waiting[] {
  const submitted = ({ received, end }: SubmitAttempt): Waiting => ({
    transaction,
    what: "attempt",
    began: received,
    end,
    until: end?.t ?? endT,
  });
  const asked = ({ asked, replied, aborted }: Poll): Waiting => {
    const end = replied ?? aborted;
    return { transaction, what: "status request", began: asked, end, until: end?.t ?? endT };
  };
  // Histories from before do not tell how a status request ended that got no reply.
  const tellsAll = header.neverfailsHistory >= TELLS_ABORTED_QUESTIONS;
  const polls = transaction.polls.filter(({ replied }) => tellsAll || replied);
  return [...transaction.submits.map(submitted), ...polls.map(asked)];
}

function judgeOne({ transaction: { key }, what, began, end }: Waiting, held: Held, bound: number): Story[] {
  const events = [began.seq, end?.seq];
  const due = `${what} ${began.attempt} ${at(began.t)} got no answer and was to be given up within ${formatDuration(bound)}`;
  if (held.least > bound + TOLERANCE_MS) {
    const text = `${due}; it waited for ${formatDuration(held.most)}${end ? "" : " and still does"}`;
    return [{ status: "failed", key, text, events, timing: true }];
  }
  if (held.most > bound + TOLERANCE_MS) {
    const text = `${due}; it waited for ${formatDuration(held.least)} to ${formatDuration(held.most)}: the harness itself stood still then`;
    return [{ status: "inconclusive", key, text, events, timing: true }];
  }
  if (end && (!isAborted(end) || end.by === "client")) return [];
  const text = `${due}; after ${formatDuration(held.most)} the ${end ? "partner closed it" : "run ended"}`;
  return [{ status: "inconclusive", key, text, events, timing: true }];
}

function isAborted(end: End): end is EventOf<"submit.aborted"> | EventOf<"status.aborted"> {
  return end.kind === "submit.aborted" || end.kind === "status.aborted";
}

/** How long it waited while it could do anything about it. */
function heldFor({ began, until }: Waiting, away: readonly Absence[], stalls: readonly Stall[]): Held {
  const between = (from: number, to: number) =>
    to - from - away.reduce((sum, each) => sum + overlapMs(each, from, to), 0);
  return {
    least: between(began.t, earliestOf(until, began.t, stalls)),
    most: between(earliestOf(began.t, 0, stalls), until),
  };
}

function overlapMs(each: Absence, from: number, to: number): number {
  return Math.max(0, Math.min(each.to, to) - Math.max(each.from, from));
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
