// Which transactions does a text mention? Fast enough for a flood of log lines; the judge's rule decides each case.
import { callNames, namesAnyOf } from "../judge/names.ts";

export interface Mentions {
  /** Keys of the transactions that the text names, each once. */
  keysIn(text: string): string[];
  /** Their names (key or id) as they stand in the text. */
  namesIn(text: string): string[];
}

export interface Nameable {
  key: string;
  id: string;
}

interface Entry {
  name: string;
  key: string;
  isIn: (text: string) => boolean;
}

/**
 * Names are found by the hash of their first word, so a line costs one look-up a word however many transactions there
 * are. `transactions` is asked for every text and may only grow: what was started meanwhile is known.
 */
export function createMentions(transactions: () => readonly Nameable[]): Mentions {
  const byFirstWord = new Map<number, Entry[]>();
  const wordless: Entry[] = [];
  const indexed = new Set<string>();
  let known = 0;

  const index = (list: readonly Nameable[]) => {
    for (const { key, id } of list) {
      for (const name of callNames(key, id)) {
        const mark = `${key} ${name}`;
        if (indexed.has(mark)) continue;
        indexed.add(mark);
        const entry = { name, key, isIn: namesAnyOf([name]) };
        const [hash] = wordHashes(name);
        if (hash === undefined) wordless.push(entry);
        else byFirstWord.set(hash, [...(byFirstWord.get(hash) ?? []), entry]);
      }
    }
    known = list.length;
  };

  const entriesIn = (text: string): Entry[] => {
    const list = transactions();
    if (list.length !== known) index(list);
    if (known === 0) return [];
    const candidates = new Set(wordless);
    for (const hash of wordHashes(text)) {
      const entries = byFirstWord.get(hash);
      if (entries) for (const entry of entries) candidates.add(entry);
    }
    return [...candidates].filter(({ name, isIn }) => text.includes(name) && isIn(text));
  };
  return {
    keysIn: (text) => [...new Set(entriesIn(text).map(({ key }) => key))],
    namesIn: (text) => entriesIn(text).map(({ name }) => name),
  };
}

/** A hash for each run of ASCII letters, digits and underscores: ten times as fast as cutting the words out. */
function wordHashes(text: string): number[] {
  const hashes: number[] = [];
  let hash = 0;
  let inWord = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isWord(code)) {
      hash = (Math.imul(hash, 31) + code) | 0;
      inWord = true;
    } else if (inWord) {
      hashes.push(hash);
      hash = 0;
      inWord = false;
    }
  }
  if (inWord) hashes.push(hash);
  return hashes;
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
  );
}
