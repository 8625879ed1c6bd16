// A delivery under way: what is remembered of it until it is acknowledged or given up.
import type { Delivery } from "../pipeline-values.ts";
import type { Reportable } from "./callbacks.ts";

export interface Task {
  /** Names the delivery in the history; unique in this partner. */
  id: string;
  submission: Reportable;
  delivery: Delivery;
  /** Checked. */
  url: string;
  /** 1-based number of the next (or present) attempt. */
  attempt: number;
}

/** Tasks that go out at once; `next` follows when each of them has had its first answer. */
export interface Batch {
  tasks: Task[];
  next: Batch | undefined;
}
