// Every invariant by its id: what `neverfails list invariants` prints and what the judge runs.
import type { InvariantId } from "../../../history/verdict.ts";
import { agreesWithPartner } from "./agrees-with-partner.ts";
import { durableAcknowledgement } from "./durable-acknowledgement.ts";
import { givesUpWaiting } from "./gives-up-waiting.ts";
import { honoursRejection } from "./honours-rejection.ts";
import { honoursRetryAfter } from "./honours-retry-after.ts";
import type { Invariant } from "./invariant.ts";
import { isolation } from "./isolation.ts";
import { noDuplicateEffect } from "./no-duplicate-effect.ts";
import { noDuplicateSubmission } from "./no-duplicate-submission.ts";
import { noFalseAlarm } from "./no-false-alarm.ts";
import { noInventedResult } from "./no-invented-result.ts";
import { noLostTransaction } from "./no-lost-transaction.ts";
import { noRegression } from "./no-regression.ts";
import { noRetryStorm } from "./no-retry-storm.ts";
import { noSilentDiscard } from "./no-silent-discard.ts";
import { quiesces } from "./quiesces.ts";
import { rejectsForgery } from "./rejects-forgery.ts";
import { stableIdempotency } from "./stable-idempotency.ts";
import { staysUp } from "./stays-up.ts";
import { verifiesIdentity } from "./verifies-identity.ts";

export type { Invariant };

export const invariants: Record<InvariantId, Invariant> = {
  "no-lost-transaction": noLostTransaction,
  "no-invented-result": noInventedResult,
  "agrees-with-partner": agreesWithPartner,
  "no-duplicate-effect": noDuplicateEffect,
  "no-duplicate-submission": noDuplicateSubmission,
  "stable-idempotency": stableIdempotency,
  "no-regression": noRegression,
  "rejects-forgery": rejectsForgery,
  "verifies-identity": verifiesIdentity,
  isolation,
  "durable-acknowledgement": durableAcknowledgement,
  "no-silent-discard": noSilentDiscard,
  "honours-rejection": honoursRejection,
  "no-retry-storm": noRetryStorm,
  "honours-retry-after": honoursRetryAfter,
  "gives-up-waiting": givesUpWaiting,
  quiesces,
  "no-false-alarm": noFalseAlarm,
  "stays-up": staysUp,
};
