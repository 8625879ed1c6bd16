// Lets a request in or turns it away: by its credentials, or because a fault has locked good ones out.
import type { IncomingHttpHeaders } from "node:http";
import type { Reply } from "../pipeline-values.ts";
import type { ActiveFault, Plan, Subject } from "../plan/plan.ts";
import type { Doorkeeper } from "./authenticate.ts";

export interface TurnedAway {
  reply: Reply;
  /** The fault that did it. */
  by: readonly ActiveFault[];
}

export interface Entrance {
  headers: IncomingHttpHeaders;
  plan: Plan | undefined;
  subject: Subject;
  /** 1-based count of this transaction's requests of any kind. */
  attempt: number;
}

const NONE: readonly ActiveFault[] = [];

/** Undefined when it is let in. */
export type TurnAway = (entrance: Entrance) => TurnedAway | undefined;

export function createTurnAway(doorkeeper: Doorkeeper): TurnAway {
  // A token that a fault has let expire stays expired when the fault is over: the next one is to be fetched.
  let expiredBeforeMs = Number.NEGATIVE_INFINITY;

  return ({ headers, plan, subject, attempt }) => {
    const met = doorkeeper.authenticate(headers);
    if (!met.ok) return { reply: met.refusal, by: NONE };
    for (const use of plan?.at("credentials", subject, attempt) ?? NONE) {
      const { fault, settings, context } = use;
      const reason = fault.point === "credentials" ? fault.lockOut?.(met, settings, context) : undefined;
      if (reason === undefined) continue;
      if (reason === "expired") expiredBeforeMs = Math.max(expiredBeforeMs, context.inForceSinceMs ?? 0);
      plan?.fired(use);
      return { reply: doorkeeper.lockedOut(reason), by: [use] };
    }
    return met.issuedMs !== undefined && met.issuedMs < expiredBeforeMs
      ? { reply: doorkeeper.lockedOut("expired"), by: NONE }
      : undefined;
  };
}
