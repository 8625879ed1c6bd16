// The partner: one fake third party, listening, misbehaving by plan. `startPartner` is what everything else uses.
import type { HistoryLog } from "../history/history.ts";
import type { Clock } from "../lib/clock.ts";
import type { Contract } from "./contract/contract.ts";
import type { Ledger } from "./ledger.ts";
import type { Plan } from "./plan/plan.ts";

export interface PartnerOptions {
  contract: Contract;
  clock: Clock;
  history: HistoryLog;
  /** Decides outcomes, processing times and business data, by transaction. */
  seed: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default: a free port that stays the partner's own while it refuses connections. */
  port?: number;
  /** Signing secret; generated when neither this nor the contract gives one. */
  secret?: string;
  /** Names for expressions besides the contract's own, such as { system: { url } }; read when a callback is scheduled. */
  names?: () => Record<string, unknown>;
  /** Hosts (without port) that callbacks may go to, besides loopback. */
  allowedHosts?: readonly string[];
  /** 1-based position of a transaction; unknown keys get the next free ordinal in order of arrival. */
  ordinalOf?: (key: string) => number | undefined;
}

export interface Partner extends AsyncDisposable {
  /** Base URL: http://127.0.0.1:port */
  readonly url: string;
  readonly port: number;
  /** Bearer token that the contract asks for; empty without auth. */
  readonly token: string;
  readonly secret: string;
  /** The ground truth. */
  readonly ledger: Ledger;
  /** Arms a plan: the fault phase begins now. */
  arm(plan: Plan): Promise<void>;
  /** Disarms every fault; what was lost stays lost, what listens again listens again. */
  heal(): Promise<void>;
  /** True when nothing is in process, no callback is due or under way, and no request is held open. */
  isQuiet(): boolean;
  /** Ends everything: open requests are cut, timers cleared. */
  close(): Promise<void>;
}
