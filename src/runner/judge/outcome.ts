// From what one check found to its result: status, findings grouped and bounded, the harness's own stalls allowed for.

import type { CheckId, CheckResult, CheckStatus, Finding } from "../../history/verdict.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { Facts } from "./facts.ts";

/** One thing that was found. The text goes without the transaction's name, which is put in front. */
export interface Story {
  status: "failed" | "inconclusive";
  /** The transaction that it is about. */
  key?: string;
  /** What was promised, what was seen, since when. */
  text: string;
  /** `seq` of the events that prove it. */
  events: readonly (number | undefined)[];
  /** True when it rests on when something happened: a stall of the harness then leaves it open. */
  timing?: true;
}

export type CheckOutcome =
  | {
      kind: "judged";
      /** How often this run could have broken it; 0 ends as not exercised. */
      exercised: number;
      stories: Story[];
      /** Explains; also why nothing was exercised. */
      reason?: string;
      /** A part that cannot be told, such as `resolves` without a channel that can be closed. */
      untold?: string;
    }
  | { kind: "cannot-tell"; reason: string };

export type Check = (facts: Facts) => CheckOutcome;

/** A stall of the harness above this many milliseconds makes timing uncertain (formats.md). */
export const LAG_LIMIT_MS = 1_000;
const MOST_FINDINGS = 20;
const MOST_NAMES = 5;

export function concludeCheck(
  id: CheckId,
  kind: CheckResult["kind"],
  outcome: CheckOutcome,
  facts: Facts,
): CheckResult {
  if (outcome.kind === "cannot-tell") {
    return { id, kind, status: "cannot-tell", exercised: 0, findings: [], reason: outcome.reason };
  }
  const stories = outcome.stories.map((story) => allowForLag(story, facts.lagMs));
  const reason = [outcome.reason, outcome.untold].filter((text) => text !== undefined).join("; ");
  return {
    id,
    kind,
    status: statusOf(stories, outcome),
    exercised: outcome.exercised,
    findings: toFindings(stories, facts.header.system.noun),
    ...(reason === "" ? {} : { reason }),
  };
}

function statusOf(stories: readonly Story[], outcome: { exercised: number; untold?: string }): CheckStatus {
  if (stories.some(({ status }) => status === "failed")) return "failed";
  if (outcome.untold !== undefined) return "cannot-tell";
  if (stories.length > 0) return "inconclusive";
  return outcome.exercised > 0 ? "passed" : "not-exercised";
}

function allowForLag(story: Story, lagMs: number): Story {
  if (!story.timing || story.status !== "failed" || lagMs <= LAG_LIMIT_MS) return story;
  const text = `${story.text} (the harness itself stood still for ${formatDuration(lagMs)}, so this timing is not certain)`;
  return { ...story, status: "inconclusive", text };
}

/** Failed ones first; the same story about several transactions is told once; at most 20, then how many more. */
function toFindings(stories: readonly Story[], noun: string): Finding[] {
  const groups = new Map<string, Story[]>();
  for (const story of stories) {
    const same = `${story.status} ${story.key === undefined} ${story.text}`;
    groups.set(same, [...(groups.get(same) ?? []), story]);
  }
  const findings = [...groups.values()].map((group) => toFinding(group, noun));
  findings.sort((a, b) => Number(a.status !== "failed") - Number(b.status !== "failed"));
  if (findings.length <= MOST_FINDINGS) return findings;
  const shown = findings.slice(0, MOST_FINDINGS);
  const rest = findings.slice(MOST_FINDINGS);
  const status = rest.some((finding) => finding.status === "failed") ? "failed" : "inconclusive";
  return [
    ...shown,
    { status, text: `and ${rest.length} more`, events: rest.flatMap(({ events }) => events).slice(0, 100) },
  ];
}

function toFinding(group: readonly Story[], noun: string): Finding {
  const [first] = group;
  if (!first) throw new Error("a group of stories holds at least one");
  const events = [...new Set(group.flatMap((story) => story.events))].filter((seq) => seq !== undefined);
  const keys = [...new Set(group.map(({ key }) => key))].filter((key) => key !== undefined);
  const [only] = keys;
  if (only === undefined) return { status: first.status, text: first.text, events };
  if (keys.length === 1)
    return { status: first.status, key: only, text: `${noun} ${only}: ${first.text}`, events };
  return {
    status: first.status,
    text: `${keys.length} × ${noun} (${listKeys(keys)}): ${first.text}`,
    events,
  };
}

/** `A, B, C, D, E and 7 more` */
export function listKeys(keys: readonly string[]): string {
  const rest = keys.length - MOST_NAMES;
  return rest > 0 ? `${keys.slice(0, MOST_NAMES).join(", ")} and ${rest} more` : keys.join(", ");
}
