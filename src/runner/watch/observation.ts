// When is a sample news? Since when may it have been so? The bookkeeping that turns samples into honest intervals.

export interface Sighting<T> {
  value: T;
  /** History time at which the request began. */
  began: number;
  /** False when nothing could be read (timeout, 500, unknown state). */
  readable: boolean;
}

export interface News<T> {
  value: T;
  /** The change happened after this: a change seen at `t` lies in (since, t]. */
  since: number;
}

export interface Observation<T> {
  /** What to report of a sighting; undefined when it says the same as the one before. */
  see(sighting: Sighting<T>, options: { force: boolean }): News<T> | undefined;
  readonly latest: T | undefined;
}

/**
 * The value at a sample was read somewhere between its request's begin and end, so a change can have happened from the
 * begin of the sample before on. A sample that could not be read tells nothing about the value: after a gap the
 * interval reaches back to the last one that could. `beginning`: before the first sample.
 */
export function createObservation<T>(beginning: number): Observation<T> {
  let latest: { value: T; text: string } | undefined;
  let lastBegan = beginning;
  let lastReadable = beginning;
  return {
    get latest() {
      return latest?.value;
    },
    see({ value, began, readable }, { force }) {
      const since = readable ? lastReadable : lastBegan;
      lastBegan = began;
      if (readable) lastReadable = began;
      const text = JSON.stringify(value);
      if (latest?.text === text && !force) return undefined;
      latest = { value, text };
      return { value, since };
    },
  };
}
