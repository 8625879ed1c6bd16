// Every generated region of the documentation: name → text.
import { eventTable } from "./events.ts";
import { faultSections, mutationTable } from "./faults.ts";
import { invariantTable } from "./invariants.ts";
import { catalogueTables } from "./scenarios.ts";

export async function generatedTexts(): Promise<Record<string, string>> {
  return {
    faults: faultSections(),
    mutations: mutationTable(),
    invariants: invariantTable(),
    events: eventTable(),
    catalogue: await catalogueTables(),
  };
}
