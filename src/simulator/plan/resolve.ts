// From a scenario's faults to a schedule: who is hit is decided here, once, so that it can be written down and replayed.
import { targets } from "../faults/describe.ts";
import type { FaultUse, PlannedTransaction, Schedule, ScheduledFault } from "./schedule.ts";
import { selectOrdinals } from "./selection.ts";

export interface ResolveOptions {
  seed: string;
  scenario: string;
  faults: readonly FaultUse[];
  /** Empty for a partner without a driver: then `on` is decided in order of arrival. */
  transactions: readonly PlannedTransaction[];
}

/** Rejects with ExpressionError when a `where` cannot be evaluated. */
export async function resolveSchedule(options: ResolveOptions): Promise<Schedule> {
  const { seed, scenario, faults } = options;
  const scheduled = await Promise.all(faults.map((use, index) => resolveUse(use, index, options)));
  return { neverfailsSchedule: 1, seed, scenario, faults: scheduled };
}

async function resolveUse(
  use: FaultUse,
  index: number,
  { seed, scenario, transactions }: ResolveOptions,
): Promise<ScheduledFault> {
  const { fault, settings, on, during, attempts, stages, position } = use;
  const everyone = !targets(use);
  const selected = everyone
    ? "everyone"
    : await selectOrdinals(on, transactions, { seed, scenario, fault: index });
  return {
    index,
    fault,
    settings,
    selected,
    ...(!everyone && transactions.length === 0 && { arrivals: on }),
    ...(during && { during }),
    ...(attempts && { attempts }),
    ...(stages && { stages }),
    ...(position !== undefined && { position }),
  };
}
