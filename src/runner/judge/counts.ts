// How many of what: transactions by how they ended, fired faults by name, value at risk by the ground truth.
import type { Counts } from "../../history/verdict.ts";
import type { Case, Facts } from "./facts.ts";
import { ofKind } from "./transaction.ts";

/** Nothing could be counted. */
export const NO_COUNTS: Counts = {
  transactions: 0,
  affected: 0,
  control: 0,
  startFailed: 0,
  startUnknown: 0,
  settledRight: 0,
  settledWrong: 0,
  attention: 0,
  pending: 0,
  valueAtRisk: null,
  fired: {},
};

export function count({ scope, affected, header, events }: Facts): Counts {
  const sees = header.system.states !== undefined;
  const many = (test: (transaction: Case) => boolean) => scope.filter(test).length;
  const ended = (kind: Case["ending"]["kind"]) => many(({ ending }) => ending.kind === kind);
  return {
    transactions: scope.length,
    affected: affected.length,
    control: many(({ group }) => group === "control"),
    startFailed: many(({ answered }) => answered?.kind === "start.failed"),
    startUnknown: many(({ answered }) => answered === undefined || answered.kind === "start.unknown"),
    settledRight: ended("right"),
    settledWrong: ended("wrong"),
    attention: ended("attention"),
    // What was never seen to end is still open.
    pending: ended("pending") + ended("unreadable") + ended("unseen"),
    valueAtRisk: sees ? valueAtRisk(scope) : null,
    fired: firedByName(header.faults, ofKind(events, "fault.fired")),
  };
}

function valueAtRisk(scope: readonly Case[]): number | null {
  if (scope.every(({ invoked }) => invoked.value === undefined)) return null;
  const atRisk = scope.filter(({ ending }) => ending.kind !== "right");
  return atRisk.reduce((sum, { invoked }) => sum + (invoked.value ?? 0), 0);
}

function firedByName(
  faults: Facts["header"]["faults"],
  fired: readonly { fault: number }[],
): Record<string, number> {
  const names = new Map(faults.map(({ index, fault }) => [index, fault]));
  const counts: Record<string, number> = Object.fromEntries(faults.map(({ fault }) => [fault, 0]));
  for (const { fault } of fired) {
    const name = names.get(fault) ?? `fault ${fault}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
