// What the judge needs to know besides the events, gathered from scenario, configuration and contract.
import {
  type FaultHeader,
  HISTORY_VERSION,
  type HistoryHeader,
  type PartnerHeader,
  type SystemHeader,
} from "../../history/header.ts";
import type { Config, Scenario } from "../../scenarios/types.ts";
import type { Contract } from "../../simulator/contract/contract.ts";
import { describeUse } from "../../simulator/faults/describe.ts";

export interface HeaderOptions {
  run: string;
  seed: string;
  startedAt: string;
  scenario: Scenario;
  config: Config;
}

export function buildHeader({ run, seed, startedAt, scenario, config }: HeaderOptions): HistoryHeader {
  const { id, title, asks, tags, expect, waives, bounds } = scenario;
  return {
    neverfailsHistory: HISTORY_VERSION,
    run,
    seed,
    startedAt,
    scenario: { id, title, tags, expect, waives, bounds, ...(asks !== undefined && { asks }) },
    faults: scenario.faults.map((use, index): FaultHeader => ({ index, ...describeUse(use) })),
    partner: partnerHeader(config.partner),
    system: systemHeader(config),
    ...(config.claims.length > 0 && { claims: config.claims }),
  };
}

function partnerHeader(contract: Contract): PartnerHeader {
  return {
    name: contract.name,
    promisesMs: contract.process.promises,
    outcomes: contract.process.outcomes.map(([outcome]) => outcome),
    callsBack: contract.callback !== undefined,
    answersStatus: contract.status !== undefined,
    idempotent: contract.submit.idempotency !== "none",
    signs: contract.callback?.sign.scheme ?? "none",
  };
}

export function systemHeader({
  name,
  system,
  workflow,
  channels,
  canary,
  signals,
  logs,
}: Config): SystemHeader {
  const { inspect, noun, toleratesMs, fallback, replay } = workflow;
  return {
    name,
    noun,
    observesEffects: inspect?.effects !== undefined,
    channels: channels.map(({ name, kind, owner, for: audience }) => ({
      name,
      kind,
      for: audience,
      ...(owner !== undefined && { owner }),
    })),
    canary: canary !== undefined,
    signals: signals.map((signal) => signal.name),
    logs: system.kind === "process" && logs.from.length > 0,
    operatorReplay: replay !== undefined,
    owned: system.kind === "process",
    ...(inspect && { states: inspect.means }),
    ...(inspect?.expectedEffects && { expectedEffects: inspect.expectedEffects }),
    ...(toleratesMs !== undefined && { toleratesMs }),
    ...(fallback !== undefined && { fallback }),
  };
}
