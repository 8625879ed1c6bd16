// The system's process lives, and its readiness answers.
import { formatDuration } from "../../../lib/duration.ts";
import { absences } from "../absences.ts";
import type { Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { ofKind } from "../transaction.ts";
import { at, quote } from "../wording.ts";
import type { Invariant } from "./invariant.ts";

export const staysUp: Invariant = {
  summary: "the system's process lives, and its readiness answers",
  brokenBy: "crash on a bad payload",
  check,
};

/** Readiness may be silent for this long before it counts as down. */
const SILENCE_MS = 2_000;
const READY = "ready";

function check(facts: Facts): CheckOutcome {
  const ready = facts.signals.get(READY) ?? [];
  if (!facts.header.system.owned && ready.length === 0) {
    return { kind: "cannot-tell", reason: "the process is not ours and its readiness was never asked" };
  }
  return {
    kind: "judged",
    exercised: 1,
    stories: [...exits(facts), ...strandings(facts), ...silences(facts)],
  };
}

function exits({ events }: Facts): Story[] {
  return ofKind(events, "system.exited")
    .filter(({ expected }) => !expected)
    .map(({ t, seq, code, signal, logTail }) => {
      const how = signal === null ? `exit code ${code ?? "unknown"}` : signal;
      const tail = logTail.length === 0 ? "" : `; its last lines: ${logTail.slice(-5).map(quote).join(" ")}`;
      return {
        status: "failed",
        text: `the system's process ended by itself ${at(t)} (${how})${tail}`,
        events: [seq],
      };
    });
}

/** A system that was killed is expected to come back by being started, and nothing else. */
function strandings({ events }: Facts): Story[] {
  return ofKind(events, "system.stranded").map(({ t, seq, reason, logTail }) => {
    const tail = logTail.length === 0 ? "" : `; its last lines: ${logTail.slice(-5).map(quote).join(" ")}`;
    const text = `after it had been killed it did not come back by ${formatDuration(t)}: ${reason}${tail}`;
    return { status: "failed", text, events: [seq] };
  });
}

function silences(facts: Facts): Story[] {
  const away = absences(facts);
  return (facts.signals.get(READY) ?? []).flatMap((span): Story[] => {
    if (span.value.value !== null) return [];
    // A process that is known to be gone, or stopped by us, is another story; the silence counts from when it is back.
    const back = Math.max(
      ...away.filter(({ from, to }) => from <= span.seenUntil && to > span.after).map(({ to }) => to),
      Number.NEGATIVE_INFINITY,
    );
    const silentFor = (from: number, to: number) => to - Math.max(from, back);
    const certain = silentFor(span.by, span.seenUntil);
    const possible = silentFor(span.after, Math.min(span.endsBy, Math.max(facts.endT, span.seenUntil)));
    if (possible < SILENCE_MS) return [];
    const text = `its readiness did not answer from ${formatDuration(span.by)} to ${formatDuration(span.seenUntil)} (${span.value.error ?? "no answer"})`;
    return [
      { status: certain >= SILENCE_MS ? "failed" : "inconclusive", text, events: [span.seq], timing: true },
    ];
  });
}
