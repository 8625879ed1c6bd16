// When a fault is in force: spans and flapping, in milliseconds from the start of the fault phase.
import type { Window } from "./schedule.ts";

/** How many cycles of flapping the fault phase waits for: the second outage meets a system that has just recovered. */
const FLAPS = 2;

/** True at `atMs` of the fault phase. Without a window: until heal. */
export function isInForce(window: Window | undefined, atMs: number): boolean {
  if (window === undefined) return true;
  switch (window.kind) {
    case "span":
      return atMs >= window.fromMs && atMs < window.toMs;
    case "flapping":
      return atMs % window.everyMs < window.forMs;
  }
}

/** When the window that is in force at `atMs` began, in milliseconds from the start of the fault phase. */
export function windowBeganMs(window: Window | undefined, atMs: number): number {
  if (window === undefined) return 0;
  switch (window.kind) {
    case "span":
      return window.fromMs;
    case "flapping":
      return Math.floor(atMs / window.everyMs) * window.everyMs;
  }
}

/** When the fault phase need not go on for this window: its end, or the end of the second outage. 0 without a window. */
export function windowEndMs(window: Window | undefined): number {
  if (window === undefined) return 0;
  switch (window.kind) {
    case "span":
      return window.toMs;
    case "flapping":
      return window.everyMs * (FLAPS - 1) + window.forMs;
  }
}

/** The next moment after `atMs` at which it begins or ends to be in force; undefined when nothing changes any more. */
export function nextEdgeMs(window: Window | undefined, atMs: number): number | undefined {
  if (window === undefined) return undefined;
  switch (window.kind) {
    case "span":
      return [window.fromMs, window.toMs].find((edge) => edge > atMs);
    case "flapping": {
      const begin = Math.floor(atMs / window.everyMs) * window.everyMs;
      return atMs < begin + window.forMs ? begin + window.forMs : begin + window.everyMs;
    }
  }
}
