// What the processes of a benchmark say to each other.

export type Kind = "raw" | "partner";
export type Work = "accept" | "callback";

export const CALLBACK_DELAY_MS = 100;

/** First message of a server. */
export interface Served {
  port: number;
  token: string;
}

/** What a server is asked: what it has used, or what it holds after a garbage collection. */
export type Question = "cpu" | "memory";

/** A server's answer. `cpuMicros` since the process began. */
export interface Spent {
  cpuMicros: number;
  rssBytes: number;
}

/** What the load is asked to do. */
export type Order =
  /** As fast as it goes over 64 connections; ends when the last callback came. */
  | { kind: "closed-loop"; served: Served; work: Work; forMs: number; name: string }
  /** At a steady rate. */
  | { kind: "paced"; served: Served; work: Work; forMs: number; perSecond: number; name: string }
  /** This many, as fast as it goes. */
  | { kind: "count"; served: Served; work: Work; count: number; name: string };

export interface LoadResult {
  accepted: number;
  refused: number;
  /** Accepted submissions whose callback never came. */
  lost: number;
  /** Callbacks that came twice. */
  repeated: number;
  /** Milliseconds from the first submission to the last reply, or the last callback less its honest delay. */
  ms: number;
  /** Milliseconds by which each callback was late, sorted. */
  lateMs: number[];
}
