// What the partner remembers of idempotency keys. Most callers use the transaction's own key: such a record stands with
// the transaction, so that a hundred thousand of them need no index of their own.
import type { IdempotencyRecord } from "./idempotency.ts";
import type { Tally } from "./tallies.ts";

export interface IdempotencyBook {
  /** What was answered to this key; the transaction is the one that asks now. */
  find(idempotencyKey: string, asking: Tally): IdempotencyRecord | undefined;
  keep(idempotencyKey: string, asking: Tally, record: IdempotencyRecord): void;
}

/** `find`: the tally of a transaction, if it has come. */
export function createIdempotencyBook(find: (key: string) => Tally | undefined): IdempotencyBook {
  const others = new Map<string, IdempotencyRecord>();
  return {
    find(idempotencyKey, asking) {
      // The key may also be the one that another transaction used as its own.
      const owner = idempotencyKey === asking.key ? asking : find(idempotencyKey);
      return owner?.remembered ?? others.get(idempotencyKey);
    },
    keep(idempotencyKey, asking, record) {
      if (idempotencyKey === asking.key) asking.remembered = record;
      else others.set(idempotencyKey, record);
    },
  };
}
