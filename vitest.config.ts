import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest begins first; a fresh clone does not know that yet. */
class CatalogueFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (moduleId.endsWith("e2e/catalogue.test.ts") ? 0 : 1);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

// unit: fast, beside the code. e2e: real processes and the real command from dist/, so `npm run build` comes first; its
// files mostly wait, so several go on at once. matrix: the kill matrix, which wants the machine for itself.
export default defineConfig({
  test: {
    sequence: { sequencer: CatalogueFirst },
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
