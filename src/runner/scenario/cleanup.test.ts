import { expect, it } from "vitest";
import { createCleanup } from "./cleanup.ts";

it("closes in reverse order, also after a step that fails, and then passes the failure on", async () => {
  const order: number[] = [];
  const cleanup = createCleanup();
  cleanup.defer(() => order.push(1));
  cleanup.defer(() => Promise.reject(new Error("second")));
  cleanup.defer(async () => order.push(3));
  await expect(cleanup.run()).rejects.toThrow("second");
  expect(order).toEqual([3, 1]);
});

it("closes once, however often it is asked", async () => {
  let closed = 0;
  const cleanup = createCleanup();
  cleanup.defer(() => closed++);
  await Promise.all([cleanup.run(), cleanup.run()]);
  expect(closed).toBe(1);
});
