// From a decided result to its deliveries: the honest one, what faults make of it, and the order on the wire.
import type { Stage } from "../contract/stages.ts";
import type { Delivery } from "../pipeline-values.ts";
import type { SigningScheme } from "../signing/sign.ts";

const NO_FAULTS: number[] = [];

/**
 * What the contract promises: one report, at once, signed well, tried until it is acknowledged. A stage before the last
 * has no outcome (null).
 */
export function honestDelivery(
  event: string,
  outcome: string | null,
  { scheme, stage }: { scheme: SigningScheme; stage?: Stage | undefined },
): Delivery {
  return {
    afterMs: 0,
    event,
    outcome,
    signature: scheme === "none" ? "none" : "valid",
    timestamped: scheme === "standard-webhooks" || scheme === "stripe",
    content: "genuine",
    retried: true,
    faults: NO_FAULTS,
    ...(stage && { stage }),
  };
}

/** Deliveries that are due at one moment: batches go out one after the other, what is in a batch goes out at once. */
export interface Lane {
  afterMs: number;
  batches: Delivery[][];
}

/**
 * Sorts deliveries into lanes by their moment. Within a lane the order of the list is kept, so a duplicate `at once` follows
 * the answer to the first; neighbours with the same `together` number share a batch.
 */
export function toLanes(deliveries: readonly Delivery[]): Lane[] {
  const lanes = new Map<number, Delivery[][]>();
  for (const delivery of deliveries) {
    const batches = lanes.get(delivery.afterMs);
    const last = batches?.at(-1);
    if (!batches) lanes.set(delivery.afterMs, [[delivery]]);
    else if (last && isTogether(last, delivery)) last.push(delivery);
    else batches.push([delivery]);
  }
  return [...lanes].map(([afterMs, batches]) => ({ afterMs, batches }));
}

function isTogether(batch: readonly Delivery[], { together }: Delivery): boolean {
  return together !== undefined && batch[0]?.together === together;
}
