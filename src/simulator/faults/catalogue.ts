// The catalogue of faults: the one explicit record. Adding a fault = one file and one line here.
import { alertsRefused } from "./alerts-refused.ts";
import { alertsThrottled } from "./alerts-throttled.ts";
import { alertsUnavailable } from "./alerts-unavailable.ts";

import { callbackConflicting } from "./callback-conflicting.ts";
import { callbackDisabled } from "./callback-disabled.ts";
import { callbackDuplicate } from "./callback-duplicate.ts";
import { callbackEarly } from "./callback-early.ts";
import { callbackForged } from "./callback-forged.ts";
import { callbackLate } from "./callback-late.ts";
import { callbackMisdirected } from "./callback-misdirected.ts";
import { callbackMissing } from "./callback-missing.ts";
import { callbackNotRetried } from "./callback-not-retried.ts";
import { callbackOutOfOrder } from "./callback-out-of-order.ts";
import { callbackReplayed } from "./callback-replayed.ts";
import { callbackStale } from "./callback-stale.ts";
import { callbackStorm } from "./callback-storm.ts";
import { callbackUnsigned } from "./callback-unsigned.ts";
import { callbackUnsolicited } from "./callback-unsolicited.ts";
import { callbackWrongEndpoint } from "./callback-wrong-endpoint.ts";
import { connectionHangs } from "./connection-hangs.ts";
import { connectionRefused } from "./connection-refused.ts";
import { connectionReset } from "./connection-reset.ts";
import { connectionSlow } from "./connection-slow.ts";
import { connectionTls } from "./connection-tls.ts";
import { credentialsExpired } from "./credentials-expired.ts";
import { credentialsRevoked } from "./credentials-revoked.ts";
import { credentialsRotated } from "./credentials-rotated.ts";
import type { Fault } from "./fault.ts";
import { payloadMalformed } from "./payload-malformed.ts";
import { processingLost } from "./processing-lost.ts";
import { processingPartial } from "./processing-partial.ts";
import { processingRejected } from "./processing-rejected.ts";
import { processingSlow } from "./processing-slow.ts";
import { processingStuck } from "./processing-stuck.ts";
import { processingWrong } from "./processing-wrong.ts";
import { statusContradicts } from "./status-contradicts.ts";
import { statusMalformed } from "./status-malformed.ts";
import { statusSlow } from "./status-slow.ts";
import { statusStale } from "./status-stale.ts";
import { statusThrottled } from "./status-throttled.ts";
import { statusUnavailable } from "./status-unavailable.ts";
import { statusUnknown } from "./status-unknown.ts";
import { submitDrips } from "./submit-drips.ts";
import { submitError } from "./submit-error.ts";
import { submitLostReply } from "./submit-lost-reply.ts";
import { submitMalformed } from "./submit-malformed.ts";
import { submitRejected } from "./submit-rejected.ts";
import { submitSlow } from "./submit-slow.ts";
import { submitThrottled } from "./submit-throttled.ts";
import { submitTruncated } from "./submit-truncated.ts";
import { submitUnavailable } from "./submit-unavailable.ts";
import { systemCrash } from "./system-crash.ts";
import { systemPause } from "./system-pause.ts";

/** In the order in which `neverfails list faults` shows them. */
export const faults = {
  "connection.refused": connectionRefused,
  "connection.reset": connectionReset,
  "connection.hangs": connectionHangs,
  "connection.slow": connectionSlow,
  "connection.tls": connectionTls,
  "submit.unavailable": submitUnavailable,
  "submit.error": submitError,
  "submit.throttled": submitThrottled,
  "submit.lost-reply": submitLostReply,
  "submit.slow": submitSlow,
  "submit.drips": submitDrips,
  "submit.truncated": submitTruncated,
  "submit.malformed": submitMalformed,
  "submit.rejected": submitRejected,
  "credentials.expired": credentialsExpired,
  "credentials.revoked": credentialsRevoked,
  "credentials.rotated": credentialsRotated,
  "processing.stuck": processingStuck,
  "processing.lost": processingLost,
  "processing.slow": processingSlow,
  "processing.rejected": processingRejected,
  "processing.partial": processingPartial,
  "processing.wrong": processingWrong,
  "callback.missing": callbackMissing,
  "callback.late": callbackLate,
  "callback.duplicate": callbackDuplicate,
  "callback.conflicting": callbackConflicting,
  "callback.early": callbackEarly,
  "callback.out-of-order": callbackOutOfOrder,
  "callback.unsolicited": callbackUnsolicited,
  "callback.misdirected": callbackMisdirected,
  "callback.unsigned": callbackUnsigned,
  "callback.forged": callbackForged,
  "callback.replayed": callbackReplayed,
  "callback.stale": callbackStale,
  "callback.storm": callbackStorm,
  "callback.not-retried": callbackNotRetried,
  "callback.disabled": callbackDisabled,
  "callback.wrong-endpoint": callbackWrongEndpoint,
  "payload.malformed": payloadMalformed,
  "status.unavailable": statusUnavailable,
  "status.slow": statusSlow,
  "status.unknown": statusUnknown,
  "status.stale": statusStale,
  "status.contradicts": statusContradicts,
  "status.malformed": statusMalformed,
  "status.throttled": statusThrottled,
  "system.crash": systemCrash,
  "system.pause": systemPause,
  "alerts.unavailable": alertsUnavailable,
  "alerts.throttled": alertsThrottled,
  "alerts.refused": alertsRefused,
} as const;

export type FaultName = keyof typeof faults;

export const FAULT_NAMES = Object.keys(faults) as FaultName[];

/** The fault of that name, with its settings' type erased. */
export function faultNamed(name: FaultName): Fault {
  return faults[name];
}
