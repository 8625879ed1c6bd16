// Lets a bounded number of things run at once; the others wait in line as plain data.

export interface Gate<Item> {
  enter(item: Item): void;
  /** Running and waiting. */
  readonly size: number;
  /** Forgets who waits; resolves when nobody runs. */
  close(): Promise<void>;
}

export function createGate<Item>(limit: number, run: (item: Item) => Promise<void>): Gate<Item> {
  const running = new Set<Promise<void>>();
  let waiting: Item[] = [];
  // Taking from the front by index: shifting a long array copies it each time.
  let head = 0;

  function begin(item: Item): void {
    const done = run(item).finally(() => {
      running.delete(done);
      next();
    });
    running.add(done);
  }

  function next(): void {
    const item = waiting[head];
    if (item === undefined) return;
    head += 1;
    if (head === waiting.length) {
      waiting = [];
      head = 0;
    }
    begin(item);
  }

  return {
    enter(item) {
      if (running.size < limit) begin(item);
      else waiting.push(item);
    },
    get size() {
      return running.size + waiting.length - head;
    },
    async close() {
      waiting = [];
      head = 0;
      await Promise.all(running);
    },
  };
}
