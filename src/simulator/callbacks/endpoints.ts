// What the partner remembers of its endpoints for each armed fault: how often they failed, and which it switched off.
import type { ActiveFault } from "../plan/plan.ts";

export interface Endpoints {
  /** Counts a failed attempt and returns how many there were since the fault was armed. */
  countFailure(use: ActiveFault, url: string): number;
  switchOff(use: ActiveFault, url: string): void;
  /** The fault among these that has switched the endpoint off. */
  offBy(active: readonly ActiveFault[], url: string): ActiveFault | undefined;
}

interface Endpoint {
  failures: number;
  isOff: boolean;
}

export function createEndpoints(): Endpoints {
  // By the settings, which are one object for as long as the fault is armed: the memory ends with it.
  const byUse = new WeakMap<ActiveFault["settings"], Map<string, Endpoint>>();

  function endpoint({ settings }: ActiveFault, url: string): Endpoint {
    const known = byUse.get(settings) ?? new Map<string, Endpoint>();
    byUse.set(settings, known);
    const found = known.get(url) ?? { failures: 0, isOff: false };
    known.set(url, found);
    return found;
  }

  return {
    countFailure(use, url) {
      const found = endpoint(use, url);
      found.failures += 1;
      return found.failures;
    },
    switchOff(use, url) {
      endpoint(use, url).isOff = true;
    },
    offBy: (active, url) => active.find(({ settings }) => byUse.get(settings)?.get(url)?.isOff),
  };
}
