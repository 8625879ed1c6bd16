// The first line of a history file: everything that the judge needs to know besides the events. Plain JSON.
import type { Means } from "./event.ts";

/** 2: `status.aborted` tells how a status request ended that got no reply. Older ones are read as well. */
export const HISTORY_VERSION = 2;

/** When the partner first broke its promise for a transaction on which a fault fired (oracles.md, "Onset"). */
export type OnsetRule =
  /** when the fault fired on the first failed attempt that the system could observe */
  | "attempt"
  /** the start of the transaction (nothing listens, so no attempt is ever seen) */
  | "start"
  /** when the promised time ran out after acceptance */
  | "promise"
  /** the first delivery that the fault shaped */
  | "delivery"
  /** the second delivery for the transaction */
  | "second-delivery"
  /** the first status reply that the fault shaped */
  | "poll"
  /** the signal that the runner sent to the system's process */
  | "signal"
  /** never: the partner breaks no promise by it */
  | "none"
  /** when the partner's ledger changed an outcome that it had decided */
  | "correction";

export interface FaultHeader {
  /** Position in the scenario's list; `fault.fired` events refer to it. */
  index: number;
  /** `callback.missing` */
  fault: string;
  point: string;
  /** Settings beside `fault:`, as JSON. */
  settings: Record<string, unknown>;
  onset: OnsetRule;
  /** False when no transaction can be spared (nothing listens): then there is no control group. */
  spares: boolean;
  /** True when the fault is over by itself for a transaction, so recovery counts from its onset, not from heal. */
  selfHealing: boolean;
  /** Where it stands: `scenarios/x.yaml:9:5`. */
  position?: string;
}

export type DetectThrough = "state" | "signal" | "alert" | "action";

/** What a scenario demands. Durations are milliseconds. */
export interface Expectations {
  detects?: { withinMs: number; through?: DetectThrough[] };
  alerts?: {
    withinMs: number;
    channel?: string;
    severity?: string;
    names?: "each" | "partner";
    atMost?: number;
    resolves?: { withinMs: number };
  };
  recovers?: { withinMs: number; by?: "operator"; to?: "attention" };
  absorbs?: true;
}

export interface ScenarioHeader {
  /** Path without extension, such as `never-reports/missing-callback`. */
  id: string;
  title: string;
  /** One of the five questions, or another sentence. */
  asks?: string;
  tags: string[];
  expect: Expectations;
  waives: Record<string, string>;
  /** Bounds of invariants, defaults filled in. */
  bounds: Bounds;
}

export interface Bounds {
  /** no-retry-storm: attempts a second per transaction. */
  attemptsPerSecond: number;
  /** no-retry-storm: the share by which a gap may be shorter than the one before. */
  gapShrink: number;
  /** gives-up-waiting: how long a hanging request may be held. */
  givesUpMs: number;
}

export const DEFAULT_BOUNDS: Bounds = { attemptsPerSecond: 10, gapShrink: 0.25, givesUpMs: 8_000 };

/** What the contract promises, as far as the judge needs it. */
export interface PartnerHeader {
  name: string;
  /** Milliseconds after acceptance within which a result is reported. */
  promisesMs: number;
  outcomes: string[];
  /** False for a partner that never calls back. */
  callsBack: boolean;
  /** False for a partner that cannot be asked. */
  answersStatus: boolean;
  idempotent: boolean;
  /** `standard-webhooks`, `github`, `stripe`, `none` */
  signs: string;
}

/** What the configuration offers to look at; what is missing is `cannot tell`. */
export interface SystemHeader {
  name: string;
  /** What one transaction is called: `claim`. */
  noun: string;
  /** Undefined: no `inspect`, so the system's state cannot be observed. */
  states?: Record<string, Means>;
  observesEffects: boolean;
  /** Effects that an outcome calls for. */
  expectedEffects?: Record<string, number>;
  channels: ChannelHeader[];
  /** True when a canary call proves the channels in the baseline. */
  canary: boolean;
  signals: string[];
  logs: boolean;
  operatorReplay: boolean;
  toleratesMs?: number;
  fallback?: string;
  /** True when the harness started the process itself. */
  owned: boolean;
}

export interface ChannelHeader {
  name: string;
  kind: string;
  owner?: string;
  for: string[];
}

export interface HistoryHeader {
  /** At most HISTORY_VERSION. */
  neverfailsHistory: number;
  run: string;
  seed: string;
  /** Wall clock at t = 0, ISO 8601. */
  startedAt: string;
  scenario: ScenarioHeader;
  faults: FaultHeader[];
  partner: PartnerHeader;
  system: SystemHeader;
  /** Sentences of the configuration and the checks that they stand for. */
  claims?: { claim: string; checks: string[] }[];
}

/** One scenario run: what the judge reads, and nothing else. */
export interface History {
  header: HistoryHeader;
  events: import("./event.ts").HistoryEvent[];
}
