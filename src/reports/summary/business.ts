// The five business questions: what was declared, held against what was measured.

import type { ChannelHeader, SystemHeader } from "../../history/header.ts";
import { formatDuration } from "../../lib/duration.ts";
import { worstReading } from "./reading.ts";
import type { ScenarioSummary } from "./scenarios.ts";
import { countOf, describeReading, formatNumber, listOf, plural } from "./words.ts";

export type Standing = "good" | "bad" | "unknown";

export interface BusinessAnswer {
  id: "delay" | "stuck-work" | "fallback" | "owner" | "impact";
  question: string;
  /** A word or two, for the margin. */
  label: string;
  standing: Standing;
  answer: string;
}

/** Transactions over all scenarios, by the partner's ledger. */
export interface Impact {
  transactions: number;
  affected: number;
  notRight: number;
  attention: number;
  /** Neither right nor surfaced to anybody. */
  unnoticed: number;
  refused: number;
  valueAtRisk: number | null;
}

export function impactOf(scenarios: ScenarioSummary[]): Impact {
  const counts = scenarios.map(({ record }) => record.verdict.counts);
  const sum = (pick: (one: (typeof counts)[number]) => number) =>
    counts.reduce((total, one) => total + pick(one), 0);
  const values = counts.flatMap(({ valueAtRisk }) => (valueAtRisk === null ? [] : [valueAtRisk]));
  return {
    transactions: sum(({ transactions }) => transactions),
    affected: sum(({ affected }) => affected),
    notRight: sum(({ transactions, settledRight }) => Math.max(0, transactions - settledRight)),
    attention: sum(({ attention }) => attention),
    unnoticed: sum(({ pending, settledWrong }) => pending + settledWrong),
    refused: sum(({ startFailed }) => startFailed),
    valueAtRisk: values.length === 0 ? null : values.reduce((total, value) => total + value, 0),
  };
}

/** Without states every transaction counts as pending, which would accuse the system of what nobody saw. */
const UNSEEN = "Cannot tell: the state of a transaction cannot be read (workflow.inspect is not configured).";

export function answerBusiness(
  system: SystemHeader,
  scenarios: ScenarioSummary[],
  impact: Impact,
): BusinessAnswer[] {
  return [
    answerDelay(system, scenarios, impact),
    answerStuckWork(system, scenarios),
    answerFallback(system),
    answerOwner(system),
    answerImpact(system, impact),
  ];
}

function answerDelay(system: SystemHeader, scenarios: ScenarioSummary[], impact: Impact): BusinessAnswer {
  const base = { id: "delay", question: "How long may the workflow be delayed?", label: "Delay" } as const;
  if (system.states === undefined) return { ...base, standing: "unknown", answer: UNSEEN };
  const worst = worstDelay(scenarios);
  const measured = worst
    ? `worst delay measured ${formatDuration(worst.ms)} (${worst.scenario})`
    : "no transaction settled right, so no delay could be measured";
  const waiting = unfinished(system.noun, impact);
  if (system.toleratesMs === undefined) {
    return {
      ...base,
      standing: "unknown",
      answer: `No tolerance is declared (workflow.tolerates); ${measured}${waiting}.`,
    };
  }
  const standing = delayStanding(system.toleratesMs, worst?.ms, impact);
  return {
    ...base,
    standing,
    answer: `At most ${formatDuration(system.toleratesMs)} is tolerated; ${measured}${waiting}.`,
  };
}

function delayStanding(
  toleratesMs: number,
  worstMs: number | undefined,
  { unnoticed, affected }: Impact,
): Standing {
  if (unnoticed > 0 || (worstMs ?? 0) > toleratesMs) return "bad";
  // Without a fault nothing was ever delayed, which says nothing about a bad day.
  return worstMs === undefined || affected === 0 ? "unknown" : "good";
}

function worstDelay(scenarios: ScenarioSummary[]): { ms: number; scenario: string } | undefined {
  let worst: { ms: number; scenario: string } | undefined;
  for (const { label, record } of scenarios) {
    const ms = record.verdict.measures.delay.worstMs;
    if (ms !== null && (worst === undefined || ms > worst.ms)) worst = { ms, scenario: label };
  }
  return worst;
}

function unfinished(noun: string, { unnoticed, attention }: Impact): string {
  const parts = [
    ...(unnoticed > 0 ? [`${countOf(unnoticed, noun)} never settled right and nobody was told to look`] : []),
    ...(attention > 0
      ? [`${countOf(attention, noun)} ${attention === 1 ? "waits" : "wait"} for a person`]
      : []),
  ];
  return parts.length === 0 ? "" : `; ${listOf(parts)}`;
}

function answerStuckWork(system: SystemHeader, scenarios: ScenarioSummary[]): BusinessAnswer {
  const base = { id: "stuck-work", question: "Who sees stuck work?", label: "Stuck work" } as const;
  if (system.channels.length === 0)
    return { ...base, standing: "bad", answer: "Nobody: no alert channel is configured." };
  const who = named(channelsFor(system, "business"));
  const alert = worstReading(scenarios.map(({ readings }) => readings.alert));
  switch (alert.kind) {
    case "none":
      return {
        ...base,
        standing: "unknown",
        answer: `${who}; no scenario of this run measured whether the alerts arrive.`,
      };
    case "measured":
      return {
        ...base,
        standing: "good",
        answer: `${who}; alerted after ${describeReading(alert)} at worst.`,
      };
    case "never":
      return {
        ...base,
        standing: "bad",
        answer: `${who}, in theory: no alert came for ${formatNumber(alert.never)} of ${countOf(alert.of, `affected ${system.noun}`)}.`,
      };
  }
}

function answerFallback(system: SystemHeader): BusinessAnswer {
  const base = { id: "fallback", question: "Is there a manual fallback?", label: "Fallback" } as const;
  const replay = system.operatorReplay ? "an operator can replay a transaction" : undefined;
  if (system.fallback !== undefined) {
    return { ...base, standing: "good", answer: `${system.fallback}${replay ? `; ${replay}` : ""}.` };
  }
  return replay
    ? { ...base, standing: "unknown", answer: `Nothing is documented (workflow.fallback), but ${replay}.` }
    : { ...base, standing: "bad", answer: "None is declared: no workflow.fallback, no workflow.replay." };
}

function answerOwner(system: SystemHeader): BusinessAnswer {
  const base = { id: "owner", question: "Who owns recovery?", label: "Owner" } as const;
  const owners = channelsFor(system, "technical").flatMap(({ owner }) => owner ?? []);
  return owners.length === 0
    ? { ...base, standing: "bad", answer: "Nobody: no alert channel declares an owner." }
    : { ...base, standing: "good", answer: `${listOf([...new Set(owners)])}.` };
}

function answerImpact(system: SystemHeader, impact: Impact): BusinessAnswer {
  const base = { id: "impact", question: "What is the impact?", label: "Impact" } as const;
  const { transactions, affected, notRight, valueAtRisk, refused } = impact;
  if (transactions === 0)
    return { ...base, standing: "unknown", answer: "Nothing was driven through the system." };
  if (system.states === undefined) return { ...base, standing: "unknown", answer: UNSEEN };
  const nouns = plural(system.noun);
  if (notRight === 0) {
    return {
      ...base,
      standing: affected > 0 ? "good" : "unknown",
      answer: `All ${formatNumber(transactions)} ${nouns} ended right, ${formatNumber(affected)} of them hit by a fault.`,
    };
  }
  const worth =
    valueAtRisk === null
      ? "their value is not declared (workflow.value)"
      : `value at risk ${formatNumber(valueAtRisk)} by the partner's ledger`;
  const turnedAway = refused > 0 ? `, ${formatNumber(refused)} of them refused at the start` : "";
  return {
    ...base,
    standing: impact.unnoticed > 0 ? "bad" : "unknown",
    answer: `${formatNumber(notRight)} of ${formatNumber(transactions)} ${nouns} did not end right${turnedAway}; ${worth}.`,
  };
}

/** Channels meant for these people; every channel where none is. */
function channelsFor(system: SystemHeader, audience: string): ChannelHeader[] {
  const meant = system.channels.filter((channel) => channel.for.includes(audience));
  return meant.length > 0 ? meant : system.channels;
}

function named(channels: ChannelHeader[]): string {
  return listOf(
    channels.map(({ name, kind, owner }) => `${owner ?? "nobody in particular"} (${kind} channel ${name})`),
  );
}
