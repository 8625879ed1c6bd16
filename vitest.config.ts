import { defineConfig } from "vitest/config";

// unit: fast, beside the code. e2e: real processes and the real command from dist/, so `npm run build` comes first; its
// files mostly wait, so several go on at once. matrix: the kill matrix, which wants the machine for itself.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "tests/*.test.ts"],
          testTimeout: 15_000,
          // Many of them wait for processes and timers: the default of one worker on two cores would waste half the time.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 4,
        },
      },
      { test: { name: "matrix", include: ["tests/kill-matrix/*.test.ts"], testTimeout: 30_000 } },
    ],
  },
});
