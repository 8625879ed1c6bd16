// The proof that the judge is right: the trustworthy system with one protection removed must be failed by the scenarios
// named for it, through the named checks, and pass the rest; benign variants must pass everything.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ScenarioVerdict } from "../../src/history/verdict.ts";
import { choose } from "../../src/lib/choice.ts";
import { formatProblem, type Result } from "../../src/lib/problem.ts";
import type { Kill, KillMatrix } from "../../src/reports/kill-matrix.ts";
import { createRunFolder } from "../../src/runner/run-folder.ts";
import { openGround } from "../../src/runner/scenario/ground.ts";
import { runScenario } from "../../src/runner/scenario/run-scenario.ts";
import { runPool } from "../../src/runner/suite/pool.ts";
import { loadConfig } from "../../src/scenarios/load/config.ts";
import { loadScenarios } from "../../src/scenarios/load/scenarios.ts";
import type { Config, Scenario } from "../../src/scenarios/types.ts";
import type { ExpectedKills } from "./removals.ts";

/** A removal that this one fails already proves nothing. */
const STEADY_STATE = "steady-state";
const SYSTEM = new URL("../../examples/trustworthy-integration/", import.meta.url);
const CONFIG = fileURLToPath(new URL("neverfails.yaml", SYSTEM));
/** With the contract that has stages: what is expected there stands under `staged: <id of the scenario>`. */
const STAGED_CONFIG = fileURLToPath(new URL("staged.yaml", SYSTEM));
const STAGED = "staged: ";

export interface KillMatrixOptions {
  removals: ExpectedKills;
  benign: readonly string[];
  /** Scenarios at once. They mostly wait, so many more than cores. */
  workers: number;
  seed: string;
  /** Ids of scenarios; default: the whole catalogue. */
  only?: (id: string) => boolean;
  /**
   * Of the scenarios that a removal is not named with: how many must pass beside it, drawn by removal and seed, so that
   * all of them are met by some. Default: every one.
   */
  others?: number;
  /** The same for benign variants. Default: every one. */
  benignOthers?: number;
  onResult?: (result: VariantResult) => void;
}

/** One scenario against one variant of the system. */
export interface VariantResult {
  variant: string;
  scenario: string;
  verdict: ScenarioVerdict;
  /** How long the harness stood still in all, in milliseconds. */
  lagMs: number;
  folder: string;
  /** What a first run disagreed in; this is the second one, alone. */
  repeatedFor?: string;
}

export async function runKillMatrix(
  options: KillMatrixOptions,
): Promise<{ matrix: KillMatrix; results: VariantResult[] }> {
  const { removals, benign, only = () => true } = options;
  const plain = await groundOf(CONFIG);
  const staged = await groundOf(STAGED_CONFIG);
  const variants = [
    ...benign.map((name) => ({ name, env: { VARIANT: name } })),
    ...Object.keys(removals).map((name) => ({ name, env: { WITHOUT: name } })),
  ];
  const jobs = variants
    .flatMap(({ name, env }) => {
      const isMet = metBy(name, options, plain.scenarios);
      return [
        ...plain.scenarios
          .filter(({ id }) => isMet(id))
          .map((scenario) => ({
            scenario,
            label: scenario.id,
            variant: { name, config: withEnv(plain.config, env) },
          })),
        ...staged.scenarios
          .filter(({ id }) => Object.hasOwn(removals[name] ?? {}, `${STAGED}${id}`))
          .map((scenario) => ({
            scenario,
            label: `${STAGED}${scenario.id}`,
            variant: { name, config: withEnv(staged.config, env) },
          })),
      ];
    })
    .filter(({ label }) => only(label));
  const output = mkdtempSync(join(tmpdir(), "neverfails-kill-matrix-"));
  const run = async ({ variant, scenario, label }: (typeof jobs)[number]) => {
    const result = await runOne({
      config: variant.config,
      scenario,
      label,
      output,
      variant: variant.name,
      seed: options.seed,
    });
    options.onResult?.(result);
    return result;
  };
  const results = await runPool(jobs, options.workers, run, () => false);

  // Where the harness itself stood still, the run says more about this machine than about the system: once more, alone.
  const doubtful = jobs.flatMap((job, index) => {
    const result = results[index];
    const repeatedFor = result && result.lagMs > 0 ? disagreement(result, removals) : undefined;
    return repeatedFor === undefined ? [] : [{ job, index, repeatedFor }];
  });
  await runPool(
    doubtful,
    1,
    async ({ job, index, repeatedFor }) => {
      results[index] = { ...(await run(job)), repeatedFor };
    },
    () => false,
  );
  const finished = results.filter((result) => result !== undefined);
  return { matrix: matrixOf(options, finished), results: finished };
}

/** Which scenarios a variant is held against. */
function metBy(
  variant: string,
  { removals, seed, others, benignOthers }: KillMatrixOptions,
  scenarios: readonly Scenario[],
): (id: string) => boolean {
  const expected = removals[variant];
  const most = (expected ? others : benignOthers) ?? Number.POSITIVE_INFINITY;
  const isNamed = (id: string) =>
    id === STEADY_STATE || (expected !== undefined && Object.hasOwn(expected, id));
  const drawn = scenarios
    .map(({ id }) => id)
    .filter((id) => !isNamed(id))
    .map((id) => ({ id, draw: choose(seed, "kill matrix", variant, id) }))
    .sort((a, b) => a.draw - b.draw)
    .slice(0, most);
  const met = new Set(drawn.map(({ id }) => id));
  return (id) => isNamed(id) || met.has(id);
}

/** What the matrix promised of this run and did not find; undefined when it is as expected. */
export function disagreement(result: VariantResult, removals: ExpectedKills): string | undefined {
  const expected = removals[result.variant]?.[result.scenario];
  const checks = failedChecks(result).map(({ check }) => check);
  if (expected === undefined) {
    const mayFail: readonly string[] = [removals[result.variant]?.["*"] ?? []].flat();
    const isAsExpected = checks.every((check) => mayFail.includes(check));
    return isAsExpected ? undefined : `should pass, but: ${checks.join(", ")}`;
  }
  if (expected === "may fail") return undefined;
  if (expected === "never fired") {
    return checks.some((check) => check.includes("never fired"))
      ? undefined
      : `should never fire, but: ${checks.join(", ")}`;
  }
  const missed = expected.filter((check) => !checks.includes(check));
  return missed.length === 0
    ? undefined
    : `should fail ${missed.join(", ")}, but fails ${checks.join(", ") || "nothing"}`;
}

async function groundOf(file: string): Promise<{ config: Config; scenarios: Scenario[] }> {
  const config = unwrap(await loadConfig(file));
  return { config, scenarios: unwrap(await loadScenarios(config.scenarioSources, config)) };
}

async function runOne(job: {
  config: Config;
  scenario: Scenario;
  label: string;
  output: string;
  variant: string;
  seed: string;
}): Promise<VariantResult> {
  const { config, scenario, label, output, variant, seed } = job;
  const folder = createRunFolder(output, variant);
  const ground = await openGround(config, variant);
  try {
    const outcome = await runScenario({
      scenario,
      config,
      seed,
      repeat: 1,
      folder,
      ground,
      signal: new AbortController().signal,
    });
    if (!outcome) throw new Error(`${variant}: ${scenario.id} was aborted`);
    const lags = outcome.history.events.map((event) => (event.kind === "harness.lag" ? event.ms : 0));
    const lagMs = lags.reduce((sum, ms) => sum + ms, 0);
    return { variant, scenario: label, verdict: outcome.record.verdict, lagMs, folder: folder.path };
  } finally {
    await ground.close();
  }
}

function matrixOf({ removals, benign }: KillMatrixOptions, results: readonly VariantResult[]): KillMatrix {
  const of = (variant: string) => results.filter((result) => result.variant === variant);
  const passed = (own: VariantResult[]) => own.filter(({ verdict }) => verdict.verdict === "passed").length;
  return {
    removals: Object.entries(removals).map(([removal, expected]) => {
      const own = of(removal);
      const failures = own.flatMap(failedChecks);
      const isNamed = ({ scenario, check }: Kill) => {
        const checks = expected[scenario];
        return Array.isArray(checks) && checks.some((id) => id === check);
      };
      return {
        removal,
        killedBy: failures.filter(isNamed),
        unexpected: own.flatMap((result) => {
          const check = disagreement(result, removals);
          return check === undefined ? [] : [{ scenario: result.scenario, check }];
        }),
        void: own.some((result) => result.scenario === STEADY_STATE && result.verdict.verdict !== "passed"),
        passed: passed(own),
      };
    }),
    benign: benign.map((variant) => ({
      variant,
      failed: of(variant).flatMap(failedChecks),
      passed: passed(of(variant)),
    })),
  };
}

/** Every check that did not let a scenario pass; what is inconclusive is named by its reason. */
export function failedChecks({ scenario, verdict }: VariantResult): Kill[] {
  if (verdict.verdict === "passed") return [];
  const failed = verdict.checks
    .filter(({ status }) => status === "failed" || status === "error")
    .map(({ id }) => ({ scenario, check: id }));
  if (failed.length > 0) return failed;
  const isSick = verdict.reasons.some((reason) => /baseline/.test(reason));
  return [
    { scenario, check: isSick ? "baseline" : `${verdict.verdict}: ${verdict.reasons[0] ?? "no reason"}` },
  ];
}

function withEnv(config: Config, env: Record<string, string>): Config {
  const { system } = config;
  if (system.kind !== "process") throw new Error("the reference system is a process");
  return { ...config, system: { ...system, env: { ...system.env, ...env } } };
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.problems.map(formatProblem).join("\n"));
}
