// How often each transaction came to each fault point, and its ordinal: what attempts are counted by.

export interface Tally {
  readonly key: string;
  /** 1-based; planned by the driver, or by order of arrival. */
  readonly ordinal: number;
  /** Requests of any kind that reached a connection. */
  requests: number;
  submits: number;
  accepted: number;
  polls: number;
}

/** Strangers to a driver are numbered from here, out of the way of planned ordinals. */
const STRANGERS = 1_000_000;

/** The tally of a transaction, made at its first request. */
export function createTallies(ordinalOf?: (key: string) => number | undefined): (key: string) => Tally {
  const tallies = new Map<string, Tally>();
  let arrivals = ordinalOf ? STRANGERS : 0;
  return (key) => {
    const known = tallies.get(key);
    if (known) return known;
    const ordinal = ordinalOf?.(key) ?? ++arrivals;
    const tally = { key, ordinal, requests: 0, submits: 0, accepted: 0, polls: 0 };
    tallies.set(key, tally);
    return tally;
  };
}
