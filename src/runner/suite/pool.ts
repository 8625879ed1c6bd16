// Runs jobs with bounded concurrency, in order of their list; stops handing out when aborted.

/**
 * Results in the order of the jobs; undefined for those that never began. Rejects with the first failure, but only
 * when what was under way has ended: nothing goes on behind the caller's back.
 *
 * A job that only waits from now on may give up its place (`yieldPlace`): then the worker takes the next one. A worker has
 * at most one such job behind it, so there are never more than twice as many under way as there are workers.
 */
export async function runPool<Job, Outcome>(
  jobs: readonly Job[],
  workers: number,
  run: (job: Job, yieldPlace: () => void) => Promise<Outcome>,
  isStopped: () => boolean,
): Promise<(Outcome | undefined)[]> {
  const outcomes = new Array<Outcome | undefined>(jobs.length).fill(undefined);
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    let behind: Promise<void> = Promise.resolve();
    while (next < jobs.length && failures.length === 0 && !isStopped()) {
      const index = next++;
      const job = jobs[index];
      if (job === undefined) continue;
      let yieldPlace = () => {};
      const yielded = new Promise<void>((resolve) => {
        yieldPlace = resolve;
      });
      const ended = run(job, yieldPlace).then(
        (outcome) => {
          outcomes[index] = outcome;
        },
        (cause) => {
          failures.push(cause);
        },
      );
      await Promise.race([ended, yielded]);
      await behind;
      behind = ended;
    }
    await behind;
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, workers), jobs.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return outcomes;
}
