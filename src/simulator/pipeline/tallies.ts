// How often each transaction came to each fault point, and its ordinal: what attempts are counted by.
import type { Shelf } from "../ledger.ts";
import type { IdempotencyRecord } from "./idempotency.ts";
import { createKeyIndex } from "./key-index.ts";

export interface Tally extends Shelf {
  readonly key: string;
  /** 1-based; planned by the driver, or by order of arrival. */
  readonly ordinal: number;
  /** Requests of any kind that reached a connection. */
  requests: number;
  submits: number;
  accepted: number;
  polls: number;
  /** What was answered to the idempotency key that is this transaction's own key. */
  remembered: IdempotencyRecord | undefined;
}

export interface Tallies {
  /** The tally of a transaction, made at its first request. */
  of(key: string): Tally;
  /** Undefined when it has not come yet. */
  find(key: string): Tally | undefined;
  /** The same by its ordinal. */
  at(ordinal: number | undefined): Tally | undefined;
  /** How many transactions have arrived that no driver planned. */
  readonly arrivals: number;
}

/** Strangers to a driver are numbered from here, out of the way of planned ordinals. */
const STRANGERS = 1_000_000;

export function createTallies(ordinalOf?: (key: string) => number | undefined): Tallies {
  const tallies = createKeyIndex<Tally>();
  const byOrdinal: Tally[] = [];
  const before = ordinalOf ? STRANGERS : 0;
  let arrivals = 0;
  function open(key: string): Tally {
    const ordinal = ordinalOf?.(key) ?? before + ++arrivals;
    const tally: Tally = {
      key,
      ordinal,
      requests: 0,
      submits: 0,
      accepted: 0,
      polls: 0,
      submissions: undefined,
      remembered: undefined,
    };
    byOrdinal[ordinal] = tally;
    return tally;
  }

  return {
    of: (key) => tallies.findOrAdd(key, open),
    find: tallies.find,
    at: (ordinal) => (ordinal === undefined ? undefined : byOrdinal[ordinal]),
    get arrivals() {
      return arrivals;
    },
  };
}
