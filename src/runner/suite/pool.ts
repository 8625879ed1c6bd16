// Runs jobs with bounded concurrency, in order of their list; stops handing out when aborted.

/** Results in the order of the jobs; undefined for those that never began. */
export async function runPool<Job, Outcome>(
  jobs: readonly Job[],
  workers: number,
  run: (job: Job) => Promise<Outcome>,
  isStopped: () => boolean,
): Promise<(Outcome | undefined)[]> {
  const outcomes = new Array<Outcome | undefined>(jobs.length).fill(undefined);
  let next = 0;
  const worker = async () => {
    while (next < jobs.length && !isStopped()) {
      const index = next++;
      const job = jobs[index];
      if (job !== undefined) outcomes[index] = await run(job);
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, workers), jobs.length) }, worker));
  return outcomes;
}
