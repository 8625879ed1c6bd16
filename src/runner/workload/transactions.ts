// Which transactions a scenario drives: a pure function of seed, scenario and workload.
import type { Group } from "../../history/event.ts";
import { choose, chooseTag } from "../../lib/choice.ts";

export interface Transaction {
  /** What names it everywhere: in the system, at the partner, in alerts. */
  key: string;
  /** 1-based within the fault phase; the baseline's and the probes' come after those. */
  ordinal: number;
  group: Group;
}

export interface WorkloadOptions {
  seed: string;
  scenario: string;
  /** Extra text that keeps keys apart where one system lives through several runs; empty otherwise. */
  nonce: string;
  noun: string;
  transactions: number;
  /** Share of them that no fault touches, 0..1. */
  control: number;
  /** False when no transaction can be spared: then probes are driven after heal. */
  spares: boolean;
}

export interface PlannedWorkload {
  baseline: Transaction[];
  faulted: Transaction[];
  probes: Transaction[];
}

const BASELINE = 3;
const PROBES = 2;

export function planWorkload(options: WorkloadOptions): PlannedWorkload {
  const { seed, scenario, nonce, noun, transactions, spares } = options;
  const prefix = `${(noun.replace(/[^A-Za-z]/g, "").slice(0, 3) || "txn").toUpperCase()}-${chooseTag(4, seed, scenario, nonce)}`;
  const control = controlOrdinals(options);
  const make = (ordinal: number, letter: string, number: number, group: Group): Transaction => ({
    key: `${prefix}-${letter}${String(number).padStart(3, "0")}`,
    ordinal,
    group,
  });
  return {
    faulted: count(transactions).map((n) => make(n, "", n, control.has(n) ? "control" : "faulted")),
    baseline: count(Math.min(BASELINE, transactions)).map((n) => make(transactions + n, "B", n, "baseline")),
    probes: spares ? [] : count(PROBES).map((n) => make(transactions + BASELINE + n, "P", n, "probe")),
  };
}

/** The control group: the ordinals with the smallest keyed numbers; at least 2, at most half, none when nobody can be spared. */
function controlOrdinals({ seed, scenario, transactions, control, spares }: WorkloadOptions): Set<number> {
  if (!spares || control === 0) return new Set();
  const size = Math.min(Math.max(2, Math.round(transactions * control)), Math.floor(transactions / 2));
  const ranked = count(transactions).sort(
    (a, b) => choose(seed, scenario, "control", a) - choose(seed, scenario, "control", b),
  );
  return new Set(ranked.slice(0, size));
}

function count(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}
