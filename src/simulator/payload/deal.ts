// Deals what a payload can become out over transactions: each gets another one, until every one has had its turn.
import type { Candidate } from "./derive.ts";

/** Keyed numbers in [0, 1) that are the same for every transaction: another seed or scenario begins elsewhere. */
export type Draw = (purpose: string) => number;

/** `rank`: 0-based position of the transaction among those that are dealt to. */
export function deal(candidates: readonly Candidate[], rank: number, draw: Draw): Candidate | undefined {
  return inTurns(candidates, draw)[rank % candidates.length];
}

/** Each mutation once, on one of its fields, before any of them on a second one. */
function inTurns(candidates: readonly Candidate[], draw: Draw): Candidate[] {
  const turns = new Map<string, number>();
  return shuffled(candidates, ({ mutation, field = "" }) => draw(`${mutation} of ${field}`))
    .map((candidate) => {
      const turn = turns.get(candidate.mutation) ?? 0;
      turns.set(candidate.mutation, turn + 1);
      return { candidate, turn };
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ candidate }) => candidate);
}

function shuffled<Item>(items: readonly Item[], number: (item: Item) => number): Item[] {
  return items
    .map((item) => ({ item, place: number(item) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
