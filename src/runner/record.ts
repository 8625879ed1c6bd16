// From verdicts to the record of one run: what `run` writes and `judge` writes again.
import { availableParallelism } from "node:os";
import type { HistoryHeader, SystemHeader } from "../history/header.ts";
import { type ClaimResult, RUN_VERSION, type RunRecord, type ScenarioRecord } from "../history/run-record.ts";
import { worstVerdict } from "../history/verdict.ts";
import { packageVersion } from "../lib/package-info.ts";

export interface Claim {
  claim: string;
  checks: string[];
}

export interface RecordOptions {
  id: string;
  seed: string;
  config?: string;
  startedAt: string;
  durationMs: number;
  interrupted: boolean;
  system: SystemHeader;
  partner: string;
  scenarios: ScenarioRecord[];
  notRun: string[];
  claims: readonly Claim[];
  ci: boolean;
}

export function buildRecord({ scenarios, claims, ci, ...rest }: RecordOptions): RunRecord {
  return {
    neverfailsRun: RUN_VERSION,
    version: packageVersion,
    ...rest,
    verdict: worstVerdict(scenarios.map(({ verdict }) => verdict.verdict)),
    scenarios,
    claims: claims.map((claim) => holdAgainst(claim, scenarios)),
    environment: { node: process.version, platform: process.platform, cpus: availableParallelism(), ci },
  };
}

/** A claim is refuted by every failed finding of a check that it stands for. It is never proved. */
function holdAgainst({ claim, checks }: Claim, scenarios: readonly ScenarioRecord[]): ClaimResult {
  const relevant = scenarios.map(({ scenario, verdict }) => ({
    scenario: scenario.id,
    checks: verdict.checks.filter(({ id }) => checks.includes(id)),
  }));
  return {
    claim,
    checks,
    refutedBy: relevant.flatMap(({ scenario, checks }) =>
      checks.flatMap(({ id, status, findings }) =>
        status === "failed"
          ? [
              {
                scenario,
                check: id,
                text: findings.find((finding) => finding.status === "failed")?.text ?? id,
              },
            ]
          : [],
      ),
    ),
    notRefutedBy: relevant.filter(
      ({ checks }) =>
        checks.some(({ status }) => status === "passed") && !checks.some(({ status }) => status === "failed"),
    ).length,
  };
}

/** A scenario's line in the record from its history's header. */
export function scenarioRecord(
  header: HistoryHeader,
  rest: Pick<ScenarioRecord, "verdict" | "durationMs"> &
    Partial<Pick<ScenarioRecord, "history" | "log" | "repeat">>,
): ScenarioRecord {
  return {
    scenario: header.scenario,
    faults: header.faults.map(({ fault }) => fault),
    startedAt: header.startedAt,
    ...rest,
  };
}
