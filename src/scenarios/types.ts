// What the files say after parsing: durations in milliseconds, paths absolute, defaults filled in.

import type { Means } from "../history/event.ts";
import type { Bounds, Expectations } from "../history/header.ts";
import type { Contract } from "../simulator/contract/contract.ts";
import type { FaultUse } from "../simulator/plan/schedule.ts";
import type { Assumption } from "./openapi/assumption.ts";

/** neverfails.yaml. Texts marked (template) may hold `{{ }}`; those marked (expression) are JSONata without braces. */
export interface Config {
  /** Absolute path of neverfails.yaml, and its folder. */
  file: string;
  dir: string;
  name: string;
  system: SystemConfig;
  /** Loaded and validated, whether it stood inline or in its own file. */
  partner: Contract;
  /** What an OpenAPI document left open. */
  partnerAssumptions?: readonly Assumption[];
  partnerFile?: string;
  workflow: Workflow;
  channels: Channel[];
  /** Makes the system send a test alert on its channels. */
  canary?: Call;
  signals: Signal[];
  logs: { from: LogStream[] };
  /** Folders or files with scenarios, absolute; `shipped` is the catalogue of the package. */
  scenarioSources: string[];
  claims: Claim[];
  /** Fixed ports for an attached system that was configured by hand. */
  ports: { partner?: number; alerts?: number; mail?: number };
}

export type LogStream = "stdout" | "stderr";

export type SystemConfig = {
  /** (template) Base URL of the system. */
  url: string;
  ready: { get: string; withinMs: number };
  stop: { signal: NodeJS.Signals; withinMs: number };
  isolation: "scenario" | "suite";
  /** Hosts that the partner may call back besides loopback and the system's own host. */
} & (
  | {
      kind: "process" /** (template) program and arguments, no shell */;
      command: string[];
      cwd: string;
      env: Record<string, string>;
    }
  | { kind: "attached" }
);

/** An HTTP request to the system. Path, headers and body are templates. At most one of json, form, body. */
export interface Call {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  headers: Record<string, string>;
  json?: unknown;
  form?: Record<string, unknown>;
  body?: string;
}

export interface Workflow {
  noun: string;
  start: Call & { /** (expression) over response.{status,headers,body}; default: the key */ id?: string };
  inspect?: {
    call: Call;
    /** (expression) over status, headers, body */
    state: string;
    /** (expression) a number */
    effects?: string;
    means: Record<string, Means>;
    expectedEffects?: Record<string, number>;
  };
  replay?: Call;
  toleratesMs?: number;
  /** (expression) over start: the value of one transaction */
  value?: string;
  fallback?: string;
}

export interface Channel {
  name: string;
  kind: "slack" | "pagerduty" | "webhook" | "email";
  owner?: string;
  for: string[];
  /** kinds webhook and email: (expressions) over body. */
  mapping?: { resolved?: string; dedup?: string; severity?: string; text?: string };
}

export interface Signal {
  name: string;
  call: Call;
  /** (expression) over status, headers, body → boolean, number or text. */
  value?: string;
  /** Prometheus selector: `claims_stuck{queue="a"}`. */
  metric?: string;
  /** (expression) over value: true means healthy. Default: a boolean is itself, `healthy` and `ready` are health, numbers carry none. */
  healthy?: string;
}

export interface Claim {
  claim: string;
  /** Ids of invariants and expectations. */
  checks: string[];
}

/** One file under scenarios/. */
export interface Scenario {
  /** Path below its source folder without extension. */
  id: string;
  file: string;
  title: string;
  asks?: string;
  tags: string[];
  workload: {
    transactions: number /** starts per second */;
    rate: number /** share spared, 0..1 */;
    control: number;
  };
  faults: FaultUse[];
  expect: Expectations;
  waives: Record<string, string>;
  bounds: Bounds;
}
