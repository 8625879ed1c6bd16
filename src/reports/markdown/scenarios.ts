// One scenario in the job summary: a row, and what did not pass as a block that can be folded out.

import type { CheckResult } from "../../history/verdict.ts";
import { formatDuration } from "../../lib/duration.ts";
import { evidenceOf, statusWord, waiverOf } from "../summary/findings.ts";
import type { ScenarioSummary } from "../summary/scenarios.ts";
import { describeReading, VERDICT_SYMBOL } from "../summary/words.ts";
import { escapeMarkdown } from "./escape.ts";

const SHOWN_FINDINGS = 3;
const SHOWN_REASONS = 5;

export function scenarioRow({ verdict, label, title, readings, record }: ScenarioSummary): string {
  const cells = [
    VERDICT_SYMBOL[verdict],
    `${escapeMarkdown(label)}<br>${escapeMarkdown(title)}`,
    describeReading(readings.detect),
    describeReading(readings.alert),
    describeReading(readings.recover),
    formatDuration(record.durationMs),
  ];
  return `| ${cells.join(" | ")} |`;
}

export function failureBlock({ verdict, label, title, reasons, decisive, waived }: ScenarioSummary): string {
  return [
    `<details><summary>${VERDICT_SYMBOL[verdict]} ${escapeMarkdown(label)}: ${escapeMarkdown(title)}</summary>`,
    "",
    ...reasons.slice(0, SHOWN_REASONS).map((reason) => `- ${escapeMarkdown(reason)}`),
    ...decisive.flatMap(checkLines),
    ...waived.map((check) => `- \`${check.id}\` waived: ${escapeMarkdown(waiverOf(check))}`),
    "",
    "</details>",
  ].join("\n");
}

function checkLines(check: CheckResult): string[] {
  const { lines, more } = evidenceOf(check, SHOWN_FINDINGS);
  return [
    `- \`${check.id}\` ${statusWord(check)}`,
    ...lines.map((line) => `  - ${escapeMarkdown(line)}`),
    ...(more > 0 ? [`  - +${more} more`] : []),
  ];
}
