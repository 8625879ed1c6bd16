// Coverage of payload mutations over all scenarios of a run: fields × mutations, survived, broke or not tried.
import type { MutantResult } from "../../history/verdict.ts";
import type { ScenarioSummary } from "./scenarios.ts";
import { countOf } from "./words.ts";

export interface FieldCoverage {
  /** Dotted path; null: the whole body. */
  field: string | null;
  /** Names of mutations. */
  survived: string[];
  broke: string[];
  notTried: string[];
}

export interface MutationCoverage {
  /** The whole body first. */
  fields: FieldCoverage[];
  survived: number;
  broke: number;
  notTried: number;
}

/** What broke in one scenario broke; what was met in one was tried. Undefined: no payload was broken. */
export function mutationsOf(scenarios: readonly ScenarioSummary[]): MutationCoverage | undefined {
  const merged = new Map<string, MutantResult>();
  for (const mutant of scenarios.flatMap(({ record }) => record.verdict.mutants ?? [])) {
    const name = `${mutant.mutation} ${mutant.field ?? ""}`;
    const known = merged.get(name);
    if (!known || WEIGHT[mutant.result] > WEIGHT[known.result]) merged.set(name, mutant);
  }
  if (merged.size === 0) return undefined;
  const all = [...merged.values()];
  const named = [...new Set(all.flatMap(({ field }) => field ?? []))].sort();
  const paths = all.some(({ field }) => field === undefined) ? [null, ...named] : named;
  const count = (result: MutantResult["result"]) => all.filter((mutant) => mutant.result === result).length;
  return {
    fields: paths.map((path) =>
      ofField(
        path,
        all.filter(({ field = null }) => field === path),
      ),
    ),
    survived: count("survived"),
    broke: count("broke"),
    notTried: count("not-tried"),
  };
}

const WEIGHT: Record<MutantResult["result"], number> = { "not-tried": 0, survived: 1, broke: 2 };

function ofField(field: string | null, mutants: readonly MutantResult[]): FieldCoverage {
  const names = (result: MutantResult["result"]) =>
    mutants.filter((mutant) => mutant.result === result).map(({ mutation }) => mutation);
  return { field, survived: names("survived"), broke: names("broke"), notTried: names("not-tried") };
}

/** `37 of 52 tried: 35 survived, 2 broke`. */
export function mutationsText({ survived, broke, notTried }: MutationCoverage): string {
  const tried = survived + broke;
  return `${tried} of ${countOf(tried + notTried, "way")} to break a report tried: ${survived} survived, ${broke} broke`;
}

export function fieldName({ field }: FieldCoverage): string {
  return field ?? "the whole body";
}
