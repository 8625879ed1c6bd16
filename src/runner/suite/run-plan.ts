// schedule.json: everything that decides a run beforehand, so that it can be played again.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Problem, Result } from "../../lib/problem.ts";
import type { Schedule } from "../../simulator/plan/schedule.ts";

export const RUN_PLAN_VERSION = 1;

export interface RunPlan {
  neverfailsRunPlan: typeof RUN_PLAN_VERSION;
  /** Absolute path of neverfails.yaml. */
  config: string;
  seed: string;
  /** By scenario id, `id#2` for the second repeat. */
  schedules: Record<string, Schedule>;
}

/** Takes a run folder or a schedule.json. */
export function readRunPlan(path: string): Result<RunPlan> {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "schedule.json") : path;
  const problem = (message: string): { ok: false; problems: Problem[] } => ({
    ok: false,
    problems: [{ file, message }],
  });
  if (!existsSync(file)) return problem("there is no such file; name a run folder or its schedule.json");
  let plan: Partial<RunPlan>;
  try {
    plan = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    return problem(`is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (
    plan?.neverfailsRunPlan !== RUN_PLAN_VERSION ||
    typeof plan.schedules !== "object" ||
    plan.schedules === null
  ) {
    return problem("is no schedule of this version of neverfails");
  }
  return { ok: true, value: plan as RunPlan };
}
