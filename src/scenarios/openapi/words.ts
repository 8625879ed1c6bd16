// What the words of statuses and results usually mean in the APIs of partners.
import { plainName } from "./json.ts";

const words = (text: string) => new Set(text.split(/\s+/));

const GOOD = words(
  `approved accepted succeeded success successful completed complete settled paid captured passed clear cleared verified
  confirmed fulfilled delivered granted eligible active activated done ok processed executed booked matched valid won
  final finished closed issued`,
);
const BAD = words(
  `denied declined rejected failed failure error errored cancelled canceled expired refused reversed returned refunded voided
  invalid ineligible unmatched blocked void aborted nomatch consider suspended undeliverable bounced lost dropped
  partiallyapproved partiallypaid partial`,
);
/** In the order in which a partner that has just accepted would say them. */
const PENDING = [
  ...words(
    `accepted received submitted queued registered created new open pending initiated requested scheduled waiting
    processing inprogress inreview underreview running started working review`,
  ),
];
const WORKING = words("processing inprogress inreview underreview running working review pending");
/** Says that there is a result, not which. */
const OVER = words("settled completed complete processed done finished final closed decided resolved");

export interface Meanings {
  /** Results, good ones first. */
  good: string[];
  bad: string[];
  pending: string[];
  /** Subset of `good` that says only that there is a result. */
  over: string[];
  /** Anything else. */
  other: string[];
}

export function meaningsOf(values: readonly string[]): Meanings {
  const is = (set: { has(word: string): boolean }) => (value: string) => set.has(plainName(value));
  const pendingWords = { has: (word: string) => PENDING.includes(word) };
  const hasOtherGood = values.some((value) => GOOD.has(plainName(value)) && plainName(value) !== "accepted");
  // "accepted" beside "approved" is a receipt; beside "rejected" alone it is a result.
  const good = values.filter(
    (value) => is(GOOD)(value) && !(hasOtherGood && plainName(value) === "accepted"),
  );
  const bad = values.filter(is(BAD));
  const pending = values.filter((value) => is(pendingWords)(value) && !good.includes(value));
  return {
    good,
    bad,
    pending,
    over: good.filter(is(OVER)),
    other: values.filter((value) => ![...good, ...bad, ...pending].includes(value)),
  };
}

/** The word for work that was just taken in; of several the one that comes first in a life. */
export function freshWord(values: readonly string[]): string | undefined {
  const rank = (value: string) => PENDING.indexOf(plainName(value));
  return meaningsOf(values).pending.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** The word for work that is being done. */
export function workingWord(values: readonly string[]): string | undefined {
  const { pending } = meaningsOf(values);
  return pending.find((value) => WORKING.has(plainName(value))) ?? freshWord(values);
}

/** Shares: nine in ten are good, the rest is split among the bad. */
export function sharesOf(good: readonly string[], bad: readonly string[]): Record<string, string> {
  const split = (names: readonly string[], percent: number) =>
    names.map((name): [string, string] => [name, `${Number((percent / names.length).toFixed(2))}%`]);
  if (good.length === 0 || bad.length === 0) return Object.fromEntries(split([...good, ...bad], 100));
  return Object.fromEntries([...split(good, 90), ...split(bad, 10)]);
}
