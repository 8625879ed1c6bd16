// Things that fall due: cheap enough for a hundred thousand of them, never early, all dropped at once.

export interface Timetable<Item> {
  /** `dueMs` on the same clock as `now`. */
  add(dueMs: number, item: Item): void;
  readonly size: number;
  clear(): void;
}

interface Entry<Item> {
  dueMs: number;
  item: Item;
  timer: NodeJS.Timeout | undefined;
}

/** setTimeout above 2^31-1 ms would fire at once. */
const LONGEST_TIMER_MS = 0x7fffffff;

export function createTimetable<Item>(now: () => number, perform: (item: Item) => void): Timetable<Item> {
  const entries = new Set<Entry<Item>>();

  function arm(entry: Entry<Item>): void {
    const waitMs = Math.min(Math.max(Math.ceil(entry.dueMs - now()), 0), LONGEST_TIMER_MS);
    entry.timer = setTimeout(wake, waitMs, entry);
  }

  // Node fires nearly half of its timers up to a millisecond early.
  function wake(entry: Entry<Item>): void {
    if (entry.dueMs > now()) {
      arm(entry);
      return;
    }
    entries.delete(entry);
    perform(entry.item);
  }

  return {
    add(dueMs, item) {
      const entry: Entry<Item> = { dueMs, item, timer: undefined };
      entries.add(entry);
      arm(entry);
    },
    get size() {
      return entries.size;
    },
    clear() {
      for (const { timer } of entries) clearTimeout(timer);
      entries.clear();
    },
  };
}
