// Ids of submissions: the same seed gives the same ids, whenever a submission comes. An id tells whose it is, so the ledger
// needs no index of ids: one that grows to a hundred thousand entries costs more than the ledger itself.
import { base36Pairs } from "../../lib/base36.ts";
import { chooseAfter, chooseInteger, tagFrom } from "../../lib/choice.ts";

export interface SubmissionIds {
  /** `ordinal`: 1-based position of the transaction; `nth`: how many submissions it has already. */
  make(ordinal: number, nth: number): string;
  /** The transaction's position in an id that `make` may have made; undefined for any other text. */
  ordinalOf(id: string): number | undefined;
}

/** `kind`: `submit.ids` of the contract. */
export function createSubmissionIds(kind: string | undefined, seed: string): SubmissionIds {
  switch (kind) {
    case "uuid":
      return uuids(seed);
    case "number":
      return numbers;
    default:
      return tagged(kind ?? "sub_", seed);
  }
}

const TAG_LENGTH = 6;
const ORDINAL_LENGTH = 4;
const BASE_36 = /^[0-9a-z]{4,11}$/;

/** What each begins with, a tag that cannot be guessed, the ordinal. */
function tagged(prefix: string, seed: string): SubmissionIds {
  const draw = chooseAfter(seed, "submission");
  return {
    make(ordinal, nth) {
      const tag = tagFrom(TAG_LENGTH, (part) => draw(ordinal, nth, part));
      // Joined, which makes a flat text: `+` leaves a tree of parts behind for as long as the id is kept.
      return [prefix, tag, writtenOrdinal(ordinal)].join("");
    },
    ordinalOf(id) {
      const written = id.slice(prefix.length + TAG_LENGTH);
      return id.startsWith(prefix) && BASE_36.test(written) ? Number.parseInt(written, 36) : undefined;
    },
  };
}

function writtenOrdinal(ordinal: number): string {
  return ordinal < 36 ** ORDINAL_LENGTH ? base36Pairs(ordinal, ORDINAL_LENGTH / 2) : ordinal.toString(36);
}

/** A transaction that is submitted more often than this would take its neighbour's ids. */
const MOST_OF_ONE = 1_000_000;

const numbers: SubmissionIds = {
  make: (ordinal, nth) => String(ordinal * MOST_OF_ONE + nth),
  ordinalOf: (id) => (/^\d{1,15}$/.test(id) ? Math.floor(Number(id) / MOST_OF_ONE) : undefined),
};

/** Odd, so that multiplying by it loses nothing; its inverse modulo 2^32 takes that back. */
const SCATTER = 0x9e3779b1;
const GATHER = 0x0e8b2f51;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{4}([0-9a-f]{8})$/;

/** Version 4, variant 1 (RFC 9562). The last 32 bits are the ordinal, scattered. */
function uuids(seed: string): SubmissionIds {
  const mask = chooseInteger(seed, "submission ids");
  return {
    make(ordinal, nth) {
      const hex = [0, 1, 2]
        .map((part) => hex8(chooseInteger(seed, "submission", ordinal, nth, part)))
        .join("");
      const [, a, b, c, d, e] = /^(.{8})(.{4}).(.{3}).(.{3})(.{4})/.exec(hex) ?? [];
      return `${a}-${b}-4${c}-8${d}-${e}${hex8((Math.imul(ordinal, SCATTER) ^ mask) >>> 0)}`;
    },
    ordinalOf(id) {
      const scattered = UUID.exec(id)?.[1];
      return scattered === undefined
        ? undefined
        : Math.imul(Number.parseInt(scattered, 16) ^ mask, GATHER) >>> 0;
    },
  };
}

function hex8(value: number): string {
  return value.toString(16).padStart(8, "0");
}
