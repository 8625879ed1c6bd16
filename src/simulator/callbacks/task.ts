// A delivery under way: what is remembered of it until it is acknowledged or given up.
import type { Delivery } from "../pipeline-values.ts";
import type { Reportable } from "./callbacks.ts";
import type { Message } from "./message.ts";

export interface Task {
  /** Names the delivery in the history; unique in this partner. */
  id: string;
  submission: Reportable;
  /** Which report of its transaction it belongs to, 1-based: the attempt at the fault point `callback`. */
  report: number;
  delivery: Delivery;
  /** The contract's address, checked: what is switched off when it fails too often. */
  endpoint: string;
  /** Where it really goes, checked. */
  url: string;
  /** 1-based number of the next (or present) attempt. */
  attempt: number;
  /** The first try of each event of this report, by event id; only where one of its deliveries replays one. */
  captured?: Map<string, Captured>;
}

/** A delivery as it went out. */
export interface Captured {
  message: Message;
  /** Milliseconds on the run's clock. */
  sentMs: number;
}

/** Tasks that go out at once; `next` follows when each of them has had its first answer. */
export interface Batch {
  tasks: Task[];
  next: Batch | undefined;
}
