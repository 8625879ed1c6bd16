// What was opened is closed in reverse order, whatever happens in between.

export interface Cleanup {
  /** Runs when everything opened after it has been closed. */
  defer(step: () => unknown): void;
  /** Every step runs, also after one that failed; then the first failure is thrown. */
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const steps: (() => unknown)[] = [];
  return {
    defer: (step) => void steps.push(step),
    async run() {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step();
        } catch (cause) {
          failures.push(cause);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
