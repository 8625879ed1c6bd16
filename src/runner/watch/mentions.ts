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
 * Names are found by their first word, so a line costs one look-up a word however many transactions there are.
 * `transactions` is asked again for every text: what was started meanwhile is known.
 */
export function createMentions(transactions: () => readonly Nameable[]): Mentions {
  const byFirstWord = new Map<string, Entry[]>();
  const wordless: Entry[] = [];
  const indexed = new Set<string>();

  const index = () => {
    for (const { key, id } of transactions()) {
      for (const name of callNames(key, id)) {
        const mark = `${key} ${name}`;
        if (indexed.has(mark)) continue;
        indexed.add(mark);
        const entry = { name, key, isIn: namesAnyOf([name]) };
        const word = /\w+/.exec(name)?.[0];
        const list = word === undefined ? wordless : (byFirstWord.get(word) ?? []);
        list.push(entry);
        if (word !== undefined) byFirstWord.set(word, list);
      }
    }
  };

  const entriesIn = (text: string): Entry[] => {
    index();
    if (indexed.size === 0) return [];
    const candidates = new Set(wordless);
    for (const [word] of text.matchAll(/\w+/g)) {
      for (const entry of byFirstWord.get(word) ?? []) candidates.add(entry);
    }
    return [...candidates].filter(({ name, isIn }) => text.includes(name) && isIn(text));
  };
  return {
    keysIn: (text) => [...new Set(entriesIn(text).map(({ key }) => key))],
    namesIn: (text) => entriesIn(text).map(({ name }) => name),
  };
}
