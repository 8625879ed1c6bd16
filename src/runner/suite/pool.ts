// Runs jobs with bounded concurrency, in order of their list; stops handing out when aborted.

/**
 * Results in the order of the jobs; undefined for those that never began. Rejects with the first failure, but only
 * when what was under way has ended: nothing goes on behind the caller's back.
 */
export async function runPool<Job, Outcome>(
  jobs: readonly Job[],
  workers: number,
  run: (job: Job) => Promise<Outcome>,
  isStopped: () => boolean,
): Promise<(Outcome | undefined)[]> {
  const outcomes = new Array<Outcome | undefined>(jobs.length).fill(undefined);
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < jobs.length && failures.length === 0 && !isStopped()) {
      const index = next++;
      const job = jobs[index];
      if (job === undefined) continue;
      try {
        outcomes[index] = await run(job);
      } catch (cause) {
        failures.push(cause);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, workers), jobs.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return outcomes;
}
