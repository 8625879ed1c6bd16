// Which scenarios a run takes: patterns, --grep, --tag, --last-failed, then --shard. Pure.
import type { Scenario } from "../../scenarios/types.ts";

export interface Selection {
  /** Ids, folders (`never-reports`) or globs (`unavailable/*`); none means all. */
  patterns: readonly string[];
  /** Matches id or title. */
  grep?: RegExp;
  /** Any of these. */
  tags: readonly string[];
  /** Only these ids, in any order: the failed ones of the last run. */
  only?: ReadonlySet<string>;
  /** 1-based. */
  shard?: { index: number; total: number };
}

export function selectScenarios(scenarios: readonly Scenario[], selection: Selection): Scenario[] {
  const { patterns, grep, tags, only, shard } = selection;
  const chosen = scenarios.filter(
    ({ id, title, tags: own }) =>
      (patterns.length === 0 || patterns.some((pattern) => matches(id, pattern))) &&
      (grep === undefined || grep.test(id) || grep.test(title)) &&
      (tags.length === 0 || tags.some((tag) => own.includes(tag))) &&
      (only === undefined || only.has(id)),
  );
  return shard ? slice(chosen, shard) : chosen;
}

/** Contiguous slices of a stable order; the remainder goes to the first shards. */
function slice(scenarios: Scenario[], { index, total }: { index: number; total: number }): Scenario[] {
  const size = Math.floor(scenarios.length / total);
  const larger = scenarios.length % total;
  const begin = (index - 1) * size + Math.min(index - 1, larger);
  return scenarios.slice(begin, begin + size + (index <= larger ? 1 : 0));
}

/** An id, its end, a folder, or a glob. */
export function matches(id: string, pattern: string): boolean {
  const wanted = pattern.replace(/\.ya?ml$/, "").replace(/\/$/, "");
  if (!wanted.includes("*")) return id === wanted || id.startsWith(`${wanted}/`) || id.endsWith(`/${wanted}`);
  const source = wanted
    .split("*")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`).test(id);
}

/** `2/5` → { index: 2, total: 5 }; undefined when it is no shard. */
export function parseShard(text: string): { index: number; total: number } | undefined {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]);
  const total = Number(match?.[2]);
  return match && index >= 1 && index <= total ? { index, total } : undefined;
}
