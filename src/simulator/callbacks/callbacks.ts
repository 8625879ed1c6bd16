// The partner's reports: what was decided becomes deliveries, faults reshape them, the sender performs them.
import type { HistoryLog } from "../../history/history.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Stage } from "../contract/stages.ts";
import type { OtherSubmission } from "../faults/fault.ts";
import type { SubmissionRequest } from "../ledger.ts";
import type { SigningScheme } from "../signing/sign.ts";
import type { FaultLookup } from "./fault-lookup.ts";
import { createReporter } from "./reporter.ts";

/** `callback:` of the contract, parsed: durations in milliseconds. */
export interface CallbackSettings {
  /** A URL, a text with `{{ }}`, or an expression over `body` such as `body.callbackUrl`. */
  to: string;
  /** (template) The payload, as JSON. */
  json: unknown;
  /** (templates) Headers besides content-type and the signature's. */
  headers?: Record<string, string> | undefined;
  /** JSON Schema of the payload: what mutations are derived from. */
  schema?: unknown;
  sign: { scheme: SigningScheme };
  timeout: number;
  /** Waits after a failed attempt, in milliseconds. */
  retry: readonly number[];
}

export interface CallbacksOptions {
  /** Absent: the partner never calls back. */
  callback: CallbackSettings | undefined;
  /** `stages:` of the contract; the last one carries the result. */
  stages?: readonly StageReport[] | undefined;
  clock: Clock;
  history: HistoryLog;
  seed: string;
  /** The signing secret in force. */
  secret: string;
  /** The one that follows it when it is rotated. Default: derived from it. */
  nextSecret?: string;
  /** The armed plan; undefined before arming and after heal. Asked anew at each fault point. */
  plan: () => FaultLookup | undefined;
  /** Names for expressions, such as { system: { url } }; read when a callback is scheduled. */
  names?: (() => Record<string, unknown>) | undefined;
  /** Another transaction's submission, for reports that are mixed up; undefined when there is none. */
  otherThan?: ((submission: Reportable) => OtherSubmission | undefined) | undefined;
  /** Hosts (without port) that callbacks may go to, besides loopback. */
  allowedHosts?: readonly string[] | undefined;
  /** True while the reply to this submission (by id) waits for its result to be reported. */
  isReplyHeld?: ((submission: string) => boolean) | undefined;
  /** Called at each answer, or failure, of a report of the result of this submission (by id). */
  onAnswered?: ((submission: string) => void) | undefined;
}

/** A stage and what its report says where that is not what `callback` says. */
export interface StageReport {
  name: string;
  callback?: Pick<Partial<CallbackSettings>, "json" | "headers" | "schema"> | undefined;
}

/** What is reported: the ledger's submission as expressions see it, decided. */
export interface Reportable {
  readonly id: string;
  readonly key: string;
  readonly ordinal: number;
  /** Null for one that was refused after acceptance: its report says `rejected`. */
  readonly outcome: string | null;
  readonly body: unknown;
  /** Present where `callback.to` asks for it. */
  readonly request?: SubmissionRequest;
}

export interface Callbacks {
  /** The partner has decided: schedules the deliveries of this result. Returns at once; never throws. */
  report(submission: Reportable): void;
  /** It has reached a stage before the last: the same for its report. `decidedInMs`: until the result; Infinity: never. */
  reportStage(submission: Reportable, stage: Stage, decidedInMs: number): void;
  /** Reports it once more by hand: the honest delivery with the same event id, whatever faults are armed. */
  redeliver(submission: Reportable): void;
  /** True when no delivery is due, under way or waiting for its retry. */
  isQuiet(): boolean;
  /** Cuts what is under way and forgets what is due. */
  close(): Promise<void>;
}

export function createCallbacks(options: CallbacksOptions): Callbacks {
  const { callback } = options;
  return callback ? createReporter({ ...options, callback }) : SILENT;
}

const SILENT: Callbacks = {
  report: () => undefined,
  reportStage: () => undefined,
  redeliver: () => undefined,
  isQuiet: () => true,
  close: () => Promise.resolve(),
};
