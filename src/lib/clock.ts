// One monotonic clock stamps everything in a run; wall time is derived from it.

export interface Clock {
  /** Milliseconds since the clock's origin: monotonic, fractional. */
  now(): number;
  /** Wall time of the origin, in Unix milliseconds. */
  readonly originMs: number;
}

export function createClock(): Clock {
  const start = performance.now();
  return { now: () => performance.now() - start, originMs: Date.now() };
}

/** Wall time now, in Unix milliseconds, by this clock. */
export function wallTime(clock: Clock): number {
  return clock.originMs + clock.now();
}

/** Wall time now, ISO 8601, by this clock. */
export function isoTime(clock: Clock): string {
  return new Date(wallTime(clock)).toISOString();
}
