// The evidence of one check as lines.
import type { CheckId, CheckResult, Finding } from "../../history/verdict.ts";
import type { ScenarioSummary } from "./scenarios.ts";

export interface Evidence {
  lines: string[];
  /** Findings that no line stands for. */
  more: number;
}

/**
 * At most `limit` lines, those that prove a failure first. Findings that differ in keys and figures only are one line,
 * the first of them in full. A check without findings speaks through its reason.
 */
export function evidenceOf(check: CheckResult, limit: number): Evidence {
  const { findings, uncounted } = withoutRemainder(check.findings);
  if (findings.length === 0) return { lines: [check.reason ?? statusWord(check)], more: 0 };
  const groups = new Map<string, Finding[]>();
  for (const finding of [...findings].sort(failedFirst)) {
    const story = `${finding.status} ${storyOf(finding)}`;
    groups.set(story, [...(groups.get(story) ?? []), finding]);
  }
  const shown = [...groups.values()].slice(0, limit);
  const told = shown.reduce((total, group) => total + group.length, 0);
  return { lines: shown.map(lineOf), more: findings.length - told + uncounted };
}

/** `the vendor asks for it; it would have failed`: the judge's reason without its first word, which the report sets itself. */
export function waiverOf({ reason = "no reason recorded" }: CheckResult): string {
  return reason.replace(/^waived: /, "");
}

/** `not exercised`, `cannot tell`, `failed`. */
export function statusWord({ status }: CheckResult): string {
  return status.replace("-", " ");
}

function lineOf([first, ...alike]: Finding[]): string {
  return `${first?.text ?? ""}${alike.length > 0 ? ` (and ${alike.length} more like it)` : ""}`;
}

function failedFirst(a: Finding, b: Finding): number {
  return Number(a.status !== "failed") - Number(b.status !== "failed");
}

function storyOf({ key, text }: Finding): string {
  return (key === undefined ? text : text.replaceAll(key, "")).replace(/\d+(?:\.\d+)?/g, "0");
}

/** The judge ends a long list with `and 17 more`. */
function withoutRemainder(findings: Finding[]): { findings: Finding[]; uncounted: number } {
  const rest = /^and (\d+) more$/.exec(findings.at(-1)?.text ?? "");
  return rest ? { findings: findings.slice(0, -1), uncounted: Number(rest[1]) } : { findings, uncounted: 0 };
}

/** What tells a stranger most, first: harm done, then harm not noticed. */
const TELLING: CheckId[] = [
  "no-duplicate-effect",
  "no-lost-transaction",
  "rejects-forgery",
  "no-invented-result",
  "agrees-with-partner",
  "no-regression",
  "isolation",
  "no-silent-discard",
  "durable-acknowledgement",
  "stays-up",
  "no-duplicate-submission",
  "alerts",
  "detects",
  "recovers",
  "absorbs",
];

export interface TellingLine {
  scenario: string;
  check: CheckId;
  text: string;
}

/** The failing line of each scenario that says best why it failed; a check that an earlier line showed only where there is no other. */
export function mostTellingLines(scenarios: ScenarioSummary[]): TellingLine[] {
  const used = new Set<CheckId>();
  return scenarios.flatMap(({ label, decisive }) => {
    const failed = decisive
      .filter(({ status }) => status === "failed")
      .sort((a, b) => rank(a.id) - rank(b.id));
    const best = failed.find(({ id }) => !used.has(id)) ?? failed[0];
    if (best === undefined) return [];
    used.add(best.id);
    return [{ scenario: label, check: best.id, text: evidenceOf(best, 1).lines.join("") }];
  });
}

function rank(id: CheckId): number {
  return TELLING.includes(id) ? TELLING.indexOf(id) : TELLING.length;
}
