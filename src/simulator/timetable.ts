// Things that fall due: one timer over a heap, so that a million of them cost their own memory and nothing else.

export interface Timetable<Item> {
  /** `dueMs` on the same clock as `now`. What is due at the same moment is performed in the order of adding. */
  add(dueMs: number, item: Item): void;
  readonly size: number;
  /** The first that fits, in no order; looks at all of them. */
  find(fits: (item: Item) => boolean): Item | undefined;
  clear(): void;
}

interface Entry<Item> {
  dueMs: number;
  order: number;
  item: Item;
}

/** setTimeout above 2^31-1 ms would fire at once. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** Never performs early, and never inside `add`. */
export function createTimetable<Item>(now: () => number, perform: (item: Item) => void): Timetable<Item> {
  /** A binary heap: the children of i stand at 2i + 1 and 2i + 2. */
  let heap: Entry<Item>[] = [];
  let added = 0;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  /** When the timer fires, on our clock. */
  let wakesMs = Number.POSITIVE_INFINITY;

  function arm(): void {
    const first = heap[0];
    if (!first || first.dueMs >= wakesMs) return;
    clearTimeout(timer);
    wakesMs = first.dueMs;
    const waitMs = Math.min(Math.ceil(first.dueMs - now()), LONGEST_TIMER_MS);
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
    for (let first = heap[0]; first && first.dueMs <= untilMs; first = heap[0]) {
      removeFirst(heap);
      perform(first.item);
    }
    arm();
  }

  return {
    add(dueMs, item) {
      added += 1;
      insert(heap, { dueMs, order: added, item });
      arm();
    },
    get size() {
      return heap.length;
    },
    find: (fits) => heap.find(({ item }) => fits(item))?.item,
    clear() {
      clearTimeout(timer);
      clearImmediate(immediate);
      immediate = undefined;
      wakesMs = Number.POSITIVE_INFINITY;
      heap = [];
    },
  };
}

function insert<Item>(heap: Entry<Item>[], entry: Entry<Item>): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (!parent || !isBefore(entry, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = entry;
}

function removeFirst<Item>(heap: Entry<Item>[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const isRight = left !== undefined && right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (!child || !isBefore(child, last)) break;
    heap[at] = child;
    at = 2 * at + (isRight ? 2 : 1);
  }
  heap[at] = last;
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
