// How long it took, over the transactions that have a time; those that never got there are counted, not averaged away.
import type { Measure, Measures } from "../../history/verdict.ts";
import { ALL_WAYS, signsOf } from "./evidence.ts";
import { covers } from "./expectations/alerts.ts";
import { acceptedSince, recoveryBase } from "./expectations/recovers.ts";
import type { Case, Facts } from "./facts.ts";
import { firstLog } from "./wording.ts";

const NO_MEASURE: Measure = { count: 0, medianMs: null, worstMs: null, never: 0 };

/** Nothing could be measured. */
export const NO_MEASURES: Measures = {
  detect: NO_MEASURE,
  alert: NO_MEASURE,
  recover: NO_MEASURE,
  delay: NO_MEASURE,
  loggedOnly: 0,
};

export function measure(facts: Facts): Measures {
  const { expect } = facts.header.scenario;
  const through = expect.detects?.through ?? ALL_WAYS;
  const detected = facts.withOnset.map((transaction) => {
    const onset = transaction.onsets[0];
    const sign = signsOf(facts, transaction, onset, through).find(({ by }) => Number.isFinite(by));
    return sign && sign.by - onset.t;
  });
  const sees = facts.header.system.states !== undefined;
  return {
    detect: summarize(detected),
    alert: summarize(facts.withOnset.map((transaction) => alertDelay(facts, transaction))),
    recover: summarize(sees ? facts.scope.map((transaction) => recoverDelay(facts, transaction)) : []),
    delay: summarize(sees ? facts.scope.map(settleDelay) : []),
    loggedOnly: facts.withOnset.filter(
      (transaction, index) => detected[index] === undefined && firstLog(transaction, transaction.onsets[0].t),
    ).length,
  };
}

/** By what the scenario asks for; without a demand, an alert that names the transaction. */
function alertDelay(facts: Facts, transaction: Facts["withOnset"][number]): number | undefined {
  const onset = transaction.onsets[0].t;
  const demand = facts.header.scenario.expect.alerts ?? { withinMs: 0, names: "each" as const };
  const first = facts.alerts.find(
    (alert) =>
      (demand.channel === undefined || alert.fired.channel === demand.channel) &&
      covers(alert, transaction, demand, facts.firstOnset ?? onset),
  );
  return first && Math.max(0, first.fired.t - onset);
}

function recoverDelay(facts: Facts, transaction: Case): number | undefined {
  const base = recoveryBase(facts, transaction);
  const reached = acceptedSince(transaction, facts.header.scenario.expect.recovers ?? {});
  return base === undefined || !reached ? undefined : Math.max(0, reached.by - base);
}

function settleDelay({ ending, invoked }: Case): number | undefined {
  return ending.kind === "right" ? ending.since.by - invoked.t : undefined;
}

function summarize(delays: readonly (number | undefined)[]): Measure {
  const known = delays.filter((delay) => delay !== undefined).sort((a, b) => a - b);
  const middle = known.length >> 1;
  const [low, high] = [known[known.length % 2 === 0 ? middle - 1 : middle], known[middle]];
  return {
    count: known.length,
    medianMs: low === undefined || high === undefined ? null : (low + high) / 2,
    worstMs: known.at(-1) ?? null,
    never: delays.length - known.length,
  };
}
