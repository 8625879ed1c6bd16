import { expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import { runPool } from "./pool.ts";

const never = () => false;

it("never runs more jobs at once than there are workers, and keeps the order of the results", async () => {
  let running = 0;
  let most = 0;
  const results = await runPool(
    [30, 10, 20, 5],
    2,
    async (ms) => {
      most = Math.max(most, ++running);
      await until(() => false, { withinMs: ms, everyMs: 1 });
      running--;
      return ms;
    },
    never,
  );
  expect(results).toEqual([30, 10, 20, 5]);
  expect(most).toBe(2);
});

it("hands out nothing more once it is stopped; what never began has no result", async () => {
  let done = 0;
  const results = await runPool(
    [1, 2, 3],
    1,
    async (job) => {
      done = job;
      return job;
    },
    () => done === 2,
  );
  expect(results).toEqual([1, 2, undefined]);
});

it("waits for what is under way before it passes a failure on", async () => {
  let ended = false;
  const run = async (job: string) => {
    if (job === "fails") throw new Error("broken");
    await until(() => false, { withinMs: 30, everyMs: 5 });
    ended = true;
  };
  await expect(runPool(["slow", "fails", "later"], 2, run, never)).rejects.toThrow("broken");
  expect(ended).toBe(true);
});

it("takes the next job when one gives up its place, with one such job behind each worker at most", async () => {
  let underWay = 0;
  let most = 0;
  const began: number[] = [];
  const results = await runPool(
    [1, 2, 3, 4, 5],
    1,
    async (job, yieldPlace) => {
      began.push(job);
      most = Math.max(most, ++underWay);
      yieldPlace();
      await until(() => began.length > job, { withinMs: 200, everyMs: 1 });
      underWay--;
      return began.length;
    },
    never,
  );
  expect(most).toBe(2);
  // Each ended when the next one had begun, and not before.
  expect(results).toEqual([2, 3, 4, 5, 5]);
});

it("passes on the failure of a job that had given up its place", async () => {
  const run = async (job: string, yieldPlace: () => void) => {
    yieldPlace();
    await until(() => false, { withinMs: 20, everyMs: 5 });
    if (job === "fails") throw new Error("broken");
  };
  await expect(runPool(["fails", "fine"], 2, run, never)).rejects.toThrow("broken");
});
