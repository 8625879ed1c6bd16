// A delivery that does not come from the partner: badly signed, with a false outcome, so that believing it does harm.
import * as z from "zod";
import { anotherEventId } from "../callbacks/event-id.ts";
import type { Delivery } from "../pipeline-values.ts";
import type { FaultContext } from "./fault.ts";
import { otherOutcome } from "./other-outcome.ts";

export const insteadSetting = z
  .boolean()
  .default(false)
  .describe("True: the genuine report is withheld; default: it follows the impostor's");

export interface ImpostorOptions {
  signature: "forged" | "missing" | "stale";
  /** With `stale`: how old, in milliseconds. */
  ageMs?: number;
  instead: boolean;
  context: FaultContext;
}

/**
 * Puts the impostor before the genuine delivery: a system that has settled already would hide that it believes anybody.
 * Nobody retries it. Without another outcome to lie about, or in a scheme that signs nothing (stale: no
 * timestamp), it does not apply.
 */
export function withImpostor(
  deliveries: Delivery[],
  { signature, ageMs, instead, context }: ImpostorOptions,
): Delivery[] {
  const genuine = deliveries.find(({ content }) => content === "genuine");
  // A stage without an outcome leaves nothing to lie about: the signature alone is wrong.
  const lie = genuine?.outcome === null ? null : genuine && otherOutcome(genuine.outcome, context);
  if (!genuine || lie === undefined || genuine.signature === "none") return deliveries;
  if (signature === "stale" && !genuine.timestamped) return deliveries;
  const impostor: Delivery = {
    ...genuine,
    event: anotherEventId(genuine.event, context.fault + 1),
    outcome: lie,
    signature,
    ...(ageMs !== undefined && { ageMs }),
    content: "false",
    retried: false,
    faults: [...genuine.faults, context.fault],
  };
  return instead ? [impostor] : [impostor, ...deliveries];
}
