// Things that fall due: one timer over a heap, so that a million of them cost their own memory and nothing else.

export interface Timetable<Item> {
  /** `dueMs` on the same clock as `now`. What is due at the same moment is performed in the order of adding. */
  add(dueMs: number, item: Item): void;
  readonly size: number;
  /** The first that fits, in no order; looks at all of them. */
  find(fits: (item: Item) => boolean): Item | undefined;
  clear(): void;
}

/** setTimeout above 2^31-1 ms would fire at once. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** Never performs early, and never inside `add`. */
export function createTimetable<Item>(now: () => number, perform: (item: Item) => void): Timetable<Item> {
  const heap = createHeap<Item>();
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  /** When the timer fires, on our clock. */
  let wakesMs = Number.POSITIVE_INFINITY;

  function arm(): void {
    const dueMs = heap.firstDueMs();
    if (dueMs >= wakesMs) return;
    clearTimeout(timer);
    wakesMs = dueMs;
    const waitMs = Math.min(Math.ceil(dueMs - now()), LONGEST_TIMER_MS);
    // No timer of Node's is shorter than a millisecond.
    if (waitMs > 0) timer = setTimeout(wake, waitMs);
    else immediate ??= setImmediate(wake);
  }

  // Node fires nearly half of its timers up to a millisecond early: what is not due yet waits for another one.
  function wake(): void {
    clearTimeout(timer);
    immediate = undefined;
    wakesMs = Number.POSITIVE_INFINITY;
    // Read once, so that what is performed cannot keep this going.
    const untilMs = now();
    while (heap.firstDueMs() <= untilMs) perform(heap.removeFirst());
    arm();
  }

  return {
    add(dueMs, item) {
      heap.insert(dueMs, item);
      arm();
    },
    get size() {
      return heap.items().length;
    },
    find: (fits) => heap.items().find(fits),
    clear() {
      clearTimeout(timer);
      clearImmediate(immediate);
      immediate = undefined;
      wakesMs = Number.POSITIVE_INFINITY;
      heap.clear();
    },
  };
}

interface Heap<Item> {
  /** Infinity when it is empty. */
  firstDueMs(): number;
  insert(dueMs: number, item: Item): void;
  /** Throws when it is empty. */
  removeFirst(): Item;
  items(): readonly Item[];
  clear(): void;
}

/**
 * A binary heap: the children of i stand at 2i + 1 and 2i + 2. What belongs to one place stands in three lists side by
 * side: numbers in a list of numbers take a third of the memory of an object for each place.
 */
function createHeap<Item>(): Heap<Item> {
  let items: Item[] = [];
  let dues: number[] = [];
  let orders: number[] = [];
  let inserted = 0;

  const dueAt = (at: number) => dues[at] ?? Number.POSITIVE_INFINITY;

  function isBefore(dueMs: number, order: number, at: number): boolean {
    const other = dueAt(at);
    return dueMs < other || (dueMs === other && order < (orders[at] ?? Number.POSITIVE_INFINITY));
  }

  function put(at: number, dueMs: number, order: number, item: Item): void {
    items[at] = item;
    dues[at] = dueMs;
    orders[at] = order;
  }

  function move(from: number, to: number): void {
    put(to, dueAt(from), orders[from] as number, items[from] as Item);
  }

  return {
    firstDueMs: () => dueAt(0),
    insert(dueMs, item) {
      inserted += 1;
      let at = items.length;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isBefore(dueMs, inserted, parent)) break;
        move(parent, at);
        at = parent;
      }
      put(at, dueMs, inserted, item);
    },
    removeFirst() {
      const dueMs = dues.pop();
      const order = orders.pop();
      if (dueMs === undefined || order === undefined) throw new RangeError("nothing is due");
      const first = items[0] as Item;
      const last = items.pop() as Item;
      if (items.length === 0) return first;
      let at = 0;
      for (;;) {
        const left = 2 * at + 1;
        const right = left + 1;
        const child =
          right < items.length && isBefore(dueAt(right), orders[right] as number, left) ? right : left;
        if (child >= items.length || isBefore(dueMs, order, child)) break;
        move(child, at);
        at = child;
      }
      put(at, dueMs, order, last);
      return first;
    },
    items: () => items,
    clear() {
      items = [];
      dues = [];
      orders = [];
    },
  };
}
