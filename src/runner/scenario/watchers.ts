// Everything that looks at the running system, as one: states, effects, signals.
import type { Dispatcher } from "undici";
import type { HistoryLog } from "../../history/history.ts";
import type { Problem } from "../../lib/problem.ts";
import type { Config } from "../../scenarios/types.ts";
import type { Nameable } from "../watch/mentions.ts";
import { watchSignals } from "../watch/signals.ts";
import { watchTransactions } from "../watch/transactions.ts";

export interface WatchersOptions {
  config: Config;
  baseUrl: () => string;
  names: Record<string, unknown>;
  history: HistoryLog;
  dispatcher: Dispatcher;
  transactions: () => readonly Nameable[];
  onProblem: (problem: Problem) => void;
}

export interface Watchers {
  /** One more sample of everything, marked final. */
  lastLook(): Promise<void>;
  stop(): Promise<void>;
}

export function startWatchers({ config, transactions, onProblem, ...shared }: WatchersOptions): Watchers {
  const watches = [
    watchSignals({ ...shared, signals: config.signals, readyPath: config.system.ready.get }),
    watchTransactions({ ...shared, config, transactions, onProblem }),
  ];
  return {
    async lastLook() {
      await Promise.all(watches.map((watch) => watch.sampleAll({ final: true })));
    },
    async stop() {
      await Promise.all(watches.map((watch) => watch.stop()));
    },
  };
}
