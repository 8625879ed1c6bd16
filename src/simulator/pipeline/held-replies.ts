// Replies to submissions that wait until the result was reported (callback.early), each for a bounded time.

export interface HeldReplies {
  /** Resolves when the result of this submission (by id) was answered, or after `mostMs`. */
  hold(submission: string, mostMs: number): Promise<void>;
  isHeld(submission: string): boolean;
  /** The result was answered, or could not be delivered. */
  release(submission: string): void;
  /** Lets all of them go. */
  close(): void;
}

export function createHeldReplies(): HeldReplies {
  const held = new Map<string, () => void>();
  return {
    hold: (submission, mostMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => go(), mostMs);
        const go = () => {
          clearTimeout(timer);
          held.delete(submission);
          resolve();
        };
        held.set(submission, go);
      }),
    isHeld: (submission) => held.has(submission),
    release: (submission) => held.get(submission)?.(),
    close() {
      for (const go of [...held.values()]) go();
    },
  };
}
