// What callbacks ask of the plan, and how they apply what it answers.
import type { Delivery, Payload, Signing } from "../pipeline-values.ts";
import type { ActiveFault, Plan } from "../plan/plan.ts";

export type FaultLookup = Pick<Plan, "at" | "fired">;

export interface Reshaped {
  deliveries: Delivery[];
  /** Indexes of the faults that changed something. */
  faults: number[];
}

/** What is reported as it is when no fault has a hand in it. */
export function unshaped(honest: Delivery): Reshaped {
  return { deliveries: [honest], faults: [] };
}

/** Lets each callback fault map the list; one that hands back the very same list did not fire. */
export function reshapeDeliveries(
  honest: Delivery,
  plan: FaultLookup,
  active: readonly ActiveFault[],
): Reshaped {
  let deliveries = [honest];
  const faults: number[] = [];
  for (const use of active) {
    if (use.fault.point !== "callback") continue;
    const reshaped = use.fault.deliver(deliveries, use.settings, use.context);
    if (reshaped === deliveries) continue;
    deliveries = reshaped;
    faults.push(use.index);
    plan.fired(use);
  }
  return { deliveries, faults };
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
    plan.fired(use);
  }
  return { payload: current, faults };
}
