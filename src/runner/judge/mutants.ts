// Coverage of payload mutations: for everything that could be wrong with a report, whether somebody met it and survived.
import type { EventOf } from "../../history/event.ts";
import type { CheckId, CheckResult, MutantResult } from "../../history/verdict.ts";
import { BY_THE_END } from "./by-the-end.ts";
import type { Facts } from "./facts.ts";
import { type Callback, ofKind } from "./transaction.ts";

/** In the order in which they were derived; empty where no payload was broken. */
export function mutantsOf(facts: Facts, checks: readonly CheckResult[]): MutantResult[] {
  const derived = ofKind(facts.events, "payload.derived").flatMap(({ mutants }) => mutants);
  if (derived.length === 0) return [];
  const open = new Set(
    checks.flatMap(({ findings }) =>
      findings.flatMap(({ status, key }) => (status === "inconclusive" && key !== undefined ? [key] : [])),
    ),
  );
  const meetings = new Map<string, Set<string>>();
  for (const { sent } of broken(facts)) {
    const keys = meetings.get(nameOf(sent)) ?? new Set();
    meetings.set(nameOf(sent), keys.add(sent.key));
  }
  const fatal = new Set(ofKind(facts.events, "system.exited").flatMap((exit) => lastBefore(facts, exit)));
  // When the process ended, everybody else's trouble may follow from that.
  const failed = failuresByKey(checks.filter(({ id }) => fatal.size === 0 || !BY_THE_END.has(id)));
  const byName = new Map(derived.map((mutant) => [nameOf(mutant), mutant]));
  return [...byName].map(([name, { mutation, field }]) => {
    const keys = [...(meetings.get(name) ?? [])];
    const ids = new Set(keys.flatMap((key) => [...(failed.get(key) ?? [])]));
    if (fatal.has(name)) ids.add("stays-up");
    const isKnown = fatal.size === 0 && keys.some((key) => !open.has(key));
    return {
      mutation,
      ...(field !== undefined && { field }),
      result: ids.size > 0 ? "broke" : isKnown ? "survived" : "not-tried",
      met: keys.length,
      checks: [...ids],
    };
  });
}

function nameOf({ mutation, field = "" }: { mutation?: string; field?: string }): string {
  return `${mutation} ${field}`;
}

/** In the order of sending. */
function broken({ all }: Facts): Callback[] {
  return all
    .flatMap(({ callbacks }) => callbacks.filter(({ sent }) => sent.mutation !== undefined))
    .sort((a, b) => a.sent.t - b.sent.t);
}

function failuresByKey(checks: readonly CheckResult[]): Map<string, Set<CheckId>> {
  const failed = new Map<string, Set<CheckId>>();
  for (const { id, status, findings } of checks) {
    if (status !== "failed") continue;
    for (const finding of findings) {
      if (finding.status !== "failed" || finding.key === undefined) continue;
      failed.set(finding.key, (failed.get(finding.key) ?? new Set()).add(id));
    }
  }
  return failed;
}

/** What the process was busy with when it ended by itself: what it had not answered yet, else the last that it met. */
function lastBefore(facts: Facts, { t, expected }: EventOf<"system.exited">): string[] {
  if (expected) return [];
  const before = broken(facts).filter(({ sent }) => sent.t <= t);
  const unanswered = before.filter(
    ({ answer }) =>
      answer === undefined || (answer.kind === "callback.unanswered" && answer.t >= t - NEAR_MS),
  );
  return (unanswered.length > 0 ? unanswered : before.slice(-1)).map(({ sent }) => nameOf(sent));
}

/** A connection breaks a moment before the end of the process is seen. */
const NEAR_MS = 250;
