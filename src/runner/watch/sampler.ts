// Samples many things again and again: each at its own interval, a bounded number at once, never one twice at a time.
import { sleep } from "../../lib/wait.ts";

export interface SamplerOptions {
  /** What is to be sampled now; may grow. */
  items: () => readonly string[];
  /** Milliseconds from the beginning of one sample of an item to the beginning of the next. */
  everyMs: (item: string) => number;
  /** Must not reject. */
  sample: (item: string, last: boolean) => Promise<void>;
  concurrency: number;
}

export interface Sampler {
  /** One more sample of every item, begun after this call; `last` is passed on to `sample`. */
  all(last: boolean): Promise<void>;
  /** Ends the sampling and waits for what is under way. */
  stop(): Promise<void>;
}

/** How often the list of items is looked at. */
const TICK_MS = 20;

export function startSampler({ items, everyMs, sample, concurrency }: SamplerOptions): Sampler {
  const stopped = new AbortController();
  const due = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  const loop = run();

  return {
    async all(last) {
      const rest = [...items()];
      const work = async () => {
        for (let item = rest.shift(); item !== undefined; item = rest.shift()) {
          // A sample that began before this call does not count.
          while (running.has(item)) await running.get(item);
          await begin(item, last);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, work));
    },
    async stop() {
      stopped.abort();
      await loop;
      await Promise.all(running.values());
    },
  };

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      beginDue();
      await sleep(TICK_MS, stopped.signal);
    }
  }

  function beginDue(): void {
    if (stopped.signal.aborted) return;
    const now = performance.now();
    const waiting = items()
      .filter((item) => !running.has(item) && (due.get(item) ?? 0) <= now)
      .sort((a, b) => (due.get(a) ?? 0) - (due.get(b) ?? 0));
    for (const item of waiting.slice(0, concurrency - running.size)) {
      // What is next in line need not wait for the tick.
      void begin(item, false).then(beginDue);
    }
  }

  function begin(item: string, last: boolean): Promise<void> {
    const began = performance.now();
    const work = sample(item, last).finally(() => {
      running.delete(item);
      due.set(item, began + everyMs(item));
    });
    running.set(item, work);
    return work;
  }
}
