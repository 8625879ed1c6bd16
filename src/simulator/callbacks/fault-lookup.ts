// What callbacks ask of the plan, and how they apply what it answers.
import type { FaultContext } from "../faults/fault.ts";
import type { Delivery, Payload, Retry, Signing } from "../pipeline-values.ts";
import type { ActiveFault, Plan } from "../plan/plan.ts";

export type FaultLookup = Pick<Plan, "at" | "fired" | "derived">;

export interface Reshaped {
  deliveries: Delivery[];
  /** Indexes of the faults that changed something. */
  faults: number[];
}

/** What is reported as it is when no fault has a hand in it. */
export function unshaped(honest: Delivery): Reshaped {
  return { deliveries: [honest], faults: [] };
}

/**
 * Lets each callback fault map the list. One that hands back the very same list did not fire; neither did one of whose
 * deliveries another fault left none.
 */
export function reshapeDeliveries(
  honest: Delivery,
  plan: FaultLookup,
  active: readonly ActiveFault[],
  other: FaultContext["other"],
): Reshaped {
  let deliveries = [honest];
  const shapers: { use: ActiveFault; hasMarked: boolean }[] = [];
  for (const use of active) {
    if (use.fault.point !== "callback" || !use.fault.deliver) continue;
    const context = other ? { ...use.context, other } : use.context;
    const reshaped = use.fault.deliver(deliveries, use.settings, context);
    if (reshaped === deliveries) continue;
    deliveries = reshaped;
    shapers.push({ use, hasMarked: isMarked(reshaped, use) });
  }
  const fired = shapers.filter(({ use, hasMarked }) => !hasMarked || isMarked(deliveries, use));
  for (const { use } of fired) plan.fired(use);
  return { deliveries, faults: fired.map(({ use }) => use.index) };
}

function isMarked(deliveries: readonly Delivery[], { index }: ActiveFault): boolean {
  return deliveries.some(({ faults }) => faults.includes(index));
}

/** Lets each rotation change which secrets sign; one that hands back the very same value did not fire. */
export function reshapeSigning(
  honest: Signing,
  plan: FaultLookup,
  active: readonly ActiveFault[],
): { signing: Signing; faults: number[] } {
  let signing = honest;
  const faults: number[] = [];
  for (const use of active) {
    if (use.fault.point !== "credentials" || !use.fault.rotate) continue;
    const changed = use.fault.rotate(signing, use.settings, use.context);
    if (changed === signing) continue;
    signing = changed;
    faults.push(use.index);
    plan.fired(use);
  }
  return { signing, faults };
}

/** Lets each callback fault change what follows a failed attempt; one that leaves it as it is did not fire. */
export function reshapeRetry(
  honest: Retry,
  plan: FaultLookup | undefined,
  active: readonly ActiveFault[],
  countFailure: (use: ActiveFault) => number,
): { retry: Retry; by: ActiveFault[] } {
  let retry = honest;
  const by: ActiveFault[] = [];
  for (const use of active) {
    if (use.fault.point !== "callback" || !use.fault.retry) continue;
    const context = { ...use.context, failures: countFailure(use) };
    const reshaped = use.fault.retry(retry, use.settings, context);
    if (reshaped === retry) continue;
    retry = reshaped;
    by.push(use);
    plan?.fired(use);
  }
  return { retry, by };
}

/** Lets each payload fault change what was rendered; one that is not applicable did not fire. */
export function reshapePayload(
  payload: Payload,
  plan: FaultLookup,
  active: readonly ActiveFault[],
): { payload: Payload; faults: number[] } {
  let current = payload;
  const faults: number[] = [];
  for (const use of active) {
    if (use.fault.point !== "payload") continue;
    const changed = use.fault.mutate(current, use.settings, use.context);
    if (changed === undefined) continue;
    current = changed;
    faults.push(use.index);
    if (changed.mutants) plan.derived(use, changed.mutants);
    plan.fired(use);
  }
  return { payload: current, faults };
}
