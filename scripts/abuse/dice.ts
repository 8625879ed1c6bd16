// Seeded dice: the same seed plays the same abuse.
import { choose } from "../../src/lib/choice.ts";

export interface Dice {
  /** A whole number in [0, below). */
  below(limit: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  chance(share: number): boolean;
}

export function createDice(...about: (string | number)[]): Dice {
  let draws = 0;
  const next = () => choose(...about, ++draws);
  return {
    below: (limit) => Math.floor(next() * limit),
    pick: (from) => from[Math.floor(next() * from.length)] ?? from[0],
    chance: (share) => next() < share,
  };
}
