// run.json: one whole run. Reports are rendered from it alone.
import type { ScenarioHeader, SystemHeader } from "./header.ts";
import type { ScenarioVerdict, Verdict } from "./verdict.ts";

export const RUN_VERSION = 1;

export interface ScenarioRecord {
  scenario: ScenarioHeader;
  /** Names of the faults, in order. */
  faults: string[];
  verdict: ScenarioVerdict;
  /** Milliseconds from system start to verdict. */
  durationMs: number;
  startedAt: string;
  /** Relative to the run folder; absent when the scenario never began. */
  history?: string;
  log?: string;
  repeat?: number;
}

export interface RunRecord {
  neverfailsRun: typeof RUN_VERSION;
  id: string;
  version: string;
  seed: string;
  /** neverfails.yaml as named on the command line. */
  config?: string;
  startedAt: string;
  durationMs: number;
  /** True when Ctrl-C cut it short: the record holds what had finished. */
  interrupted: boolean;
  verdict: Verdict;
  system: SystemHeader;
  partner: string;
  scenarios: ScenarioRecord[];
  /** Selected but never finished (interrupt, fail-fast). */
  notRun: string[];
  claims: ClaimResult[];
  environment: { node: string; platform: string; cpus: number; ci: boolean };
}

/** A sentence such as "never loses a claim", held against the checks that it stands for. It is never proved. */
export interface ClaimResult {
  claim: string;
  /** Check ids that it is mapped to. */
  checks: string[];
  refutedBy: { scenario: string; check: string; text: string }[];
  /** Scenarios in which at least one of the checks was exercised and held. */
  notRefutedBy: number;
}
