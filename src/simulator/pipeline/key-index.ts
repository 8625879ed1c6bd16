// An index by key of things that are never removed. A Map looks twice to add what it did not find, and one that grows to a
// hundred thousand entries costs three times as much to look into, and to carry through garbage collections.
import { randomInt } from "node:crypto";

export interface KeyIndex<Item> {
  find(key: string): Item | undefined;
  /** What is there under this key, or what `make` makes for it. */
  findOrAdd(key: string, make: (key: string) => Item): Item;
}

const FIRST_PLACES = 1_024;
const LARGEST_SALT = 0x7fffffff;

/**
 * Open addressing with linear probing. A place is two numbers side by side: the hash, and 1 + the position in `items`
 * (0: free). At most half of the places are taken. The salt makes keys that collide hard to choose.
 */
export function createKeyIndex<Item extends { readonly key: string }>(
  salt: number = randomInt(LARGEST_SALT),
): KeyIndex<Item> {
  const items: Item[] = [];
  let places = new Int32Array(2 * FIRST_PLACES);
  let mask = places.length - 1;

  /** Where the key stands in `places`, or would stand. */
  function placeOf(key: string, hash: number): number {
    let at = (hash << 1) & mask;
    for (;;) {
      const position = places[at + 1] as number;
      if (position === 0) return at;
      if (places[at] === hash && (items[position - 1] as Item).key === key) return at;
      at = (at + 2) & mask;
    }
  }

  function grow(): void {
    const before = places;
    places = new Int32Array(2 * before.length);
    mask = places.length - 1;
    for (let i = 0; i < before.length; i += 2) {
      if (before[i + 1] === 0) continue;
      let at = ((before[i] as number) << 1) & mask;
      while (places[at + 1] !== 0) at = (at + 2) & mask;
      places[at] = before[i] as number;
      places[at + 1] = before[i + 1] as number;
    }
  }

  return {
    find: (key) => items[(places[placeOf(key, hashOf(key, salt)) + 1] as number) - 1],
    findOrAdd(key, make) {
      const hash = hashOf(key, salt);
      const at = placeOf(key, hash);
      const known = items[(places[at + 1] as number) - 1];
      if (known !== undefined) return known;
      const item = make(key);
      places[at] = hash;
      places[at + 1] = items.push(item);
      if (4 * items.length > places.length) grow();
      return item;
    },
  };
}

/** 32 bits of a text (the steps and the finaliser of MurmurHash3). */
function hashOf(text: string, salt: number): number {
  let hash = salt;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
