// A hanging request is abandoned by the system within the bound.
import type { EventOf } from "../../../history/event.ts";
import { formatDuration } from "../../../lib/duration.ts";
import { absences } from "../absences.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import type { SubmitAttempt } from "../transaction.ts";
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

function check(facts: Facts): CheckOutcome {
  const bound = facts.header.scenario.bounds.givesUpMs;
  const held = facts.all.flatMap((transaction) =>
    transaction.submits
      .filter(
        (attempt) => isHeld(facts, transaction, attempt) || heldFor(facts, attempt) > bound + TOLERANCE_MS,
      )
      .map((attempt) => ({ transaction, attempt })),
  );
  return {
    kind: "judged",
    exercised: held.length,
    stories: held.flatMap(({ transaction, attempt }) => judgeOne(facts, transaction, attempt, bound)),
  };
}

function judgeOne(facts: Facts, { key }: Case, attempt: SubmitAttempt, bound: number): Story[] {
  const { received, end } = attempt;
  const ms = heldFor(facts, attempt);
  const events = [received.seq, end?.seq];
  const due = `attempt ${received.attempt} ${at(received.t)} got no answer and was to be given up within ${formatDuration(bound)}`;
  if (ms > bound + TOLERANCE_MS) {
    const text = `${due}; it waited for ${formatDuration(ms)}${end ? "" : " and still does"}`;
    return [{ status: "failed", key, text, events, timing: true }];
  }
  if (end?.kind === "submit.replied" || (end?.kind === "submit.aborted" && end.by === "client")) return [];
  const text = `${due}; after ${formatDuration(ms)} the ${end ? "partner closed it" : "run ended"}`;
  return [{ status: "inconclusive", key, text, events, timing: true }];
}

/** How long it waited while it could do anything about it. */
function heldFor(facts: Facts, { received, end }: SubmitAttempt): number {
  const until = end?.t ?? facts.endT;
  const away = absences(facts).map(({ from, to }) => Math.min(to, until) - Math.max(from, received.t));
  return until - received.t - away.reduce((sum, ms) => sum + Math.max(0, ms), 0);
}

/** A fault held this very request open. */
function isHeld({ header }: Facts, { fired }: Case, { received, end }: SubmitAttempt): boolean {
  return header.faults.some(
    ({ index, fault, settings }) =>
      (fault === "connection.hangs" ||
        fault === "submit.drips" ||
        (fault === "submit.lost-reply" && settings.ending === "hang")) &&
      (received.faults?.includes(index) ||
        end?.faults?.includes(index) ||
        fired.some((event) => event.fault === index && isSameRequest(event, received))),
  );
}

/** Attempts are counted per point, so a connection fault is matched by its moment. */
function isSameRequest(event: EventOf<"fault.fired">, received: SubmitAttempt["received"]): boolean {
  if (event.point === "submit") return event.attempt === received.attempt;
  return Math.abs(event.t - received.t) < SAME_MOMENT_MS;
}
