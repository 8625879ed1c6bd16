// Bounded, abortable waits. Node may fire a timer up to a millisecond early, so "not before" re-arms.

/** Resolves `true` after at least `ms`, or `false` as soon as `signal` aborts. Never rejects. */
export function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  const due = performance.now() + ms;
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout;
    const onAbort = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const arm = () => {
      const rest = due - performance.now();
      if (rest <= 0) {
        signal?.removeEventListener("abort", onAbort);
        resolve(true);
        return;
      }
      // setTimeout above 2^31-1 ms fires at once.
      timer = setTimeout(arm, Math.min(Math.ceil(rest), 0x7fffffff));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    arm();
  });
}

export interface UntilOptions {
  /** Give up after this many milliseconds. */
  withinMs: number;
  /** Look again after this many milliseconds. Default 20. */
  everyMs?: number;
  signal?: AbortSignal;
}

/** Looks again and again until `condition` is true. `false` when the time is up or the signal aborted. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { withinMs, everyMs = 20, signal }: UntilOptions,
): Promise<boolean> {
  const due = performance.now() + withinMs;
  while (!signal?.aborted) {
    if (await condition()) return true;
    const rest = due - performance.now();
    if (rest <= 0) return false;
    await sleep(Math.min(everyMs, rest), signal);
  }
  return false;
}
