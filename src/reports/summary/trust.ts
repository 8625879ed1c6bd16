// The four trust questions, each answered yes, no or cannot tell from the checks that bear on it.
import type { SystemHeader } from "../../history/header.ts";
import type { Impact } from "./business.ts";
import type { ScenarioSummary } from "./scenarios.ts";
import { worthOfSignals } from "./signals.ts";
import { failuresText, scenarioCount, type Tally, tallyOf, undecidedText } from "./tally.ts";
import { countOf, formatNumber, listOf, shortListOf } from "./words.ts";

/** `cannot-tell` counts as no: an integration that cannot be observed is not trustworthy. */
export type Answer = "yes" | "no" | "cannot-tell";

export interface TrustAnswer {
  id: "works-today" | "detects" | "impact" | "recovers";
  question: string;
  /** Completes "it can …". */
  phrase: string;
  answer: Answer;
  evidence: string;
}

export function answerTrust(
  system: SystemHeader,
  scenarios: ScenarioSummary[],
  impact: Impact,
): TrustAnswer[] {
  return [
    answerWorksToday(system, scenarios),
    answerDetects(scenarios),
    answerImpact(system, scenarios, impact),
    answerRecovers(scenarios),
  ];
}

/** Yes: a state and a signal can be read, what is shown agreed with the partner, no alarm was false, and none of it is open. */
function answerWorksToday(system: SystemHeader, scenarios: ScenarioSummary[]): TrustAnswer {
  const base = {
    id: "works-today",
    question: "Can we tell whether it works today?",
    phrase: "tell whether it works today",
  } as const;
  const missing = [
    ...(system.states === undefined ? ["the state of a transaction (workflow.inspect)"] : []),
    ...(system.signals.length === 0 ? ["a health or metric signal (signals)"] : []),
  ];
  const tally = tallyOf(scenarios, ["agrees-with-partner", "no-invented-result", "no-false-alarm"]);
  if (tally.failed.length > 0)
    return { ...base, answer: "no", evidence: `what it shows is not true: ${failuresText(tally)}` };
  if (missing.length > 0)
    return {
      ...base,
      answer: "cannot-tell",
      evidence: `the configuration offers no way to read ${listOf(missing)}`,
    };
  if (!tally.passed.some(({ check }) => check.id === "agrees-with-partner")) {
    return {
      ...base,
      answer: "cannot-tell",
      evidence: `nothing showed that its states agree with the partner's${undecidedText(tally)}`,
    };
  }
  if (tally.undecided.length > 0)
    return {
      ...base,
      answer: "cannot-tell",
      evidence: `it is open whether all that it shows is true${undecidedText(tally)}`,
    };
  const { telling, unread, red } = worthOfSignals(system.signals, scenarios);
  const worthless = [
    ...(unread.length > 0 ? [`never readable: ${shortListOf(unread, 4)}`] : []),
    ...(red.length > 0 ? [`unhealthy before any fault: ${shortListOf(red, 4)}`] : []),
  ];
  if (telling.length === 0)
    return { ...base, answer: "cannot-tell", evidence: `no signal tells: ${worthless.join("; ")}` };
  const runs = scenarioCount(tally.passed.filter(({ check }) => check.id === "agrees-with-partner"));
  return {
    ...base,
    answer: "yes",
    evidence: `its states agreed with the partner's ledger in ${countOf(runs, "scenario")}; ${[`signals: ${shortListOf(telling, 4)}`, ...worthless].join("; ")}`,
  };
}

/** Yes: every exercised `detects` and `alerts` passed. */
function answerDetects(scenarios: ScenarioSummary[]): TrustAnswer {
  const base = {
    id: "detects",
    question: "Can we detect when it breaks?",
    phrase: "detect when it breaks",
  } as const;
  const tally = tallyOf(scenarios, ["detects", "alerts"]);
  const loggedOnly = scenarios.reduce((total, scenario) => total + scenario.loggedOnly, 0);
  const log = loggedOnly > 0 ? `; ${countOf(loggedOnly, "failure")} logged only` : "";
  return {
    ...base,
    ...decide(
      tally,
      "failures were detected and alerted in time",
      `no scenario exercised detects or alerts`,
      log,
    ),
  };
}

/**
 * Never yes in this version: the system's own figures are not compared with the ground truth.
 * No: its own records contradict the partner's, so that no figure computed from them can be right.
 */
function answerImpact(system: SystemHeader, scenarios: ScenarioSummary[], impact: Impact): TrustAnswer {
  const base = {
    id: "impact",
    question: "Can we estimate the impact?",
    phrase: "estimate the impact",
  } as const;
  const tally = tallyOf(scenarios, ["agrees-with-partner"]);
  if (tally.failed.length > 0) {
    return {
      ...base,
      answer: "no",
      evidence: `its own records contradict the partner's, so figures computed from them are wrong: ${failuresText(tally)}`,
    };
  }
  const truth = `${formatNumber(impact.affected)} of ${countOf(impact.transactions, system.noun)} were affected`;
  return {
    ...base,
    answer: "cannot-tell",
    evidence: `by the partner's ledger ${truth}; whether the system's own figures say so is not measured in this version`,
  };
}

/** Yes: every exercised `recovers` and `no-lost-transaction` passed, and recovery was demanded at least once. */
function answerRecovers(scenarios: ScenarioSummary[]): TrustAnswer {
  const base = {
    id: "recovers",
    question: "Can we recover missed transactions?",
    phrase: "recover missed transactions",
  } as const;
  const tally = tallyOf(scenarios, ["recovers", "no-lost-transaction"]);
  const isDemanded = tally.passed.some(({ check }) => check.id === "recovers");
  const proven = isDemanded ? tally : { ...tally, passed: [] };
  return {
    ...base,
    ...decide(
      proven,
      "every transaction was recovered or surfaced in time",
      "no scenario exercised recovers",
      "",
    ),
  };
}

function decide(
  tally: Tally,
  held: string,
  nothing: string,
  addition: string,
): { answer: Answer; evidence: string } {
  if (tally.failed.length > 0) return { answer: "no", evidence: `${failuresText(tally)}${addition}` };
  if (tally.undecided.length > 0)
    return { answer: "cannot-tell", evidence: `no verdict${undecidedText(tally)}${addition}` };
  if (tally.passed.length === 0) return { answer: "cannot-tell", evidence: `${nothing}${addition}` };
  return {
    answer: "yes",
    evidence: `${held} in ${countOf(scenarioCount(tally.passed), "scenario")}${addition}`,
  };
}
