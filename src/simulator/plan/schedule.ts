// The plan of faults as plain data: which fault applies to which transactions, when, and on which attempts.
import type { FaultName } from "../faults/index.ts";

/** One entry of a scenario's `faults:`, as parsed. `settings` stay in the form that users write, so that they survive JSON. */
export interface FaultUse {
  fault: FaultName;
  /** What stands beside `fault:` (`delay: 2s`), unparsed but validated. */
  settings: Record<string, unknown>;
  on: Selection;
  /** Absent: from the start of the fault phase until heal. */
  during?: Window;
  /** Only these attempts of a transaction at the fault's point, 1-based, both ends included. */
  attempts?: { from: number; to: number };
  /** Only what is reported at these stages of the contract. Absent: the result (of a few faults: every stage). */
  stages?: string[];
  /** Where it stands: `scenarios/x.yaml:9:5`. */
  position?: string;
}

export type Selection =
  | { kind: "all" }
  | { kind: "share"; share: number }
  | { kind: "first"; count: number }
  | { kind: "every"; nth: number }
  | { kind: "list"; ordinals: number[] }
  | { kind: "where"; expression: string };

/** Milliseconds from the start of the fault phase. */
export type Window =
  | { kind: "span"; fromMs: number; toMs: number }
  | { kind: "flapping"; everyMs: number; forMs: number };

/** A transaction as the plan sees it. Ordinals are 1-based. */
export interface PlannedTransaction {
  ordinal: number;
  control: boolean;
  /** What is sent to start it: `where` expressions read it as `start`. */
  start: unknown;
}

/** A resolved schedule: written to schedule.json, replayed as it is. */
export interface Schedule {
  neverfailsSchedule: 1;
  seed: string;
  scenario: string;
  faults: ScheduledFault[];
}

export interface ScheduledFault {
  index: number;
  fault: FaultName;
  settings: Record<string, unknown>;
  during?: Window;
  attempts?: { from: number; to: number };
  stages?: string[];
  /** Ordinals that it applies to; `everyone` for a fault that cannot spare anybody or a partner without a driver. */
  selected: number[] | "everyone";
  /** Only for a partner without a driver: whom it hits among transactions that nobody planned, by order of arrival. */
  arrivals?: Selection;
  /** Only for a fault that was added while the partner ran: how many had arrived by then. Counting begins after them. */
  arrivedBefore?: number;
  position?: string;
}
