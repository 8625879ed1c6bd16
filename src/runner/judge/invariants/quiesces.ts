// After everything has come to rest, the system submits nothing, asks about nothing that is settled, and effects nothing.
import { formatDuration } from "../../../lib/duration.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { keptFrom } from "../spans.ts";
import { isKnown } from "../transaction.ts";
import { at, plural } from "../wording.ts";
import { type Invariant, UNSEEN_STATES } from "./invariant.ts";

export const quiesces: Invariant = {
  summary: "after everything has settled there are no more submissions, polls or effects",
  brokenBy: "polling for ever",
  check,
};

/** What was under way at the moment of rest may still arrive. */
const GRACE_MS = 500;
/** How long it has to be watched for silence to mean anything. */
const WATCH_MS = 1_000;

function check(facts: Facts): CheckOutcome {
  if (facts.header.system.states === undefined) return UNSEEN_STATES;
  // A refused start that left no trace is nothing that could come to rest.
  const existing = facts.all.filter(
    ({ states, accepted, isCutOff }) => !isCutOff && (states.length > 0 || accepted.length > 0),
  );
  const rests = existing.map(restsSince);
  if (rests.length === 0 || rests.includes(undefined)) {
    return {
      kind: "judged",
      exercised: 0,
      stories: [],
      reason: "not everything came to rest before the run ended",
    };
  }
  const quietFrom = Math.max(...rests.map((since) => since ?? 0)) + GRACE_MS;
  if (facts.endT < quietFrom + WATCH_MS) {
    return {
      kind: "judged",
      exercised: 0,
      stories: [],
      reason: "the run ended too soon after everything had come to rest",
    };
  }
  return {
    kind: "judged",
    exercised: existing.length,
    stories: existing.flatMap((transaction) => judgeOne(transaction, quietFrom)),
  };
}

/** Settled or surfaced for good since, and not stirred by the partner any more; undefined: still on its way. */
function restsSince({ states, callbacks, strays }: Case): number | undefined {
  const last = states.at(-1)?.value.means;
  if (last === undefined || last === null || last.kind === "pending") return undefined;
  const since = keptFrom(states, ({ means }) => means?.kind === last.kind, isKnown)?.by;
  // Whoever is told something new may ask what it means.
  const stirred = [...callbacks, ...strays].map(({ sent }) => sent.t);
  return since === undefined ? undefined : Math.max(since, ...stirred);
}

function judgeOne({ key, submits, polls, effects, replays, ending }: Case, quietFrom: number): Story[] {
  const replayedT = replays[0]?.t ?? Number.POSITIVE_INFINITY;
  const isLate = ({ t }: { t: number }) => t > quietFrom && t < replayedT;
  const submissions = submits.map(({ received }) => received).filter(isLate);
  // Work that waits for people may go on being asked about.
  const asked = ending.kind === "attention" ? [] : polls.map((poll) => poll.asked).filter(isLate);
  const effected = effects.slice(1).filter(({ after, by }) => after > quietFrom && by < replayedT);
  const seen = [
    submissions.length > 0 ? [plural(submissions.length, "submission")] : [],
    asked.length > 0 ? [plural(asked.length, "status request")] : [],
    effected.length > 0 ? [`${plural(effected.length, "change")} of its effects`] : [],
  ].flat();
  const late = [...submissions, ...asked, ...effected.map(({ by, seq }) => ({ t: by, seq }))].sort(
    (a, b) => a.t - b.t,
  );
  const [first, last] = [late[0], late.at(-1)];
  if (!first || !last) return [];
  const text = `everything had come to rest by ${formatDuration(quietFrom - GRACE_MS)}, yet ${seen.join(" and ")} followed, the last ${at(last.t)}`;
  return [{ status: "failed", key, text, events: late.map(({ seq }) => seq).slice(0, 20) }];
}
