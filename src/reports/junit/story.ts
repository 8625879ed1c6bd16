// The whole story of one scenario as plain text: GitLab shows nothing else, so everything is in it.

import type { RunRecord } from "../../history/run-record.ts";
import type { CheckResult } from "../../history/verdict.ts";
import { formatDuration } from "../../lib/duration.ts";
import { statusWord, waiverOf } from "../summary/findings.ts";
import type { ScenarioSummary } from "../summary/scenarios.ts";
import { countOf, describeReading } from "../summary/words.ts";
import { rerunCommand } from "../text/shell.ts";

/** What failed or stayed open, with every finding. */
export function storyOf(scenario: ScenarioSummary, run: Pick<RunRecord, "seed" | "config">): string {
  const { id, title, asks, verdict, reasons, decisive, record } = scenario;
  return [
    title,
    ...(asks === undefined ? [] : [asks]),
    `${verdict}: ${record.faults.length === 0 ? "no fault" : record.faults.join(", ")}`,
    ...reasons.map((reason) => `- ${reason}`),
    "",
    ...decisive.flatMap(checkLines),
    measuresLine(scenario),
    `again: ${rerunCommand(id, run)}`,
  ].join("\n");
}

/** What a passing scenario measured, and what it did not look at. */
export function measuresText(scenario: ScenarioSummary): string {
  const checks = scenario.record.verdict.checks.filter(
    ({ status }) => status === "waived" || status === "cannot-tell",
  );
  return [
    measuresLine(scenario),
    ...checks.map(
      (check) =>
        `${check.id} (${statusWord(check)}): ${check.status === "waived" ? waiverOf(check) : (check.reason ?? "")}`,
    ),
  ].join("\n");
}

function checkLines(check: CheckResult): string[] {
  const head = `${check.id} (${statusWord(check)})${check.reason === undefined ? "" : `: ${check.reason}`}`;
  return [head, ...check.findings.map(({ text }) => `  ${text}`), ""];
}

function measuresLine({ readings, record, loggedOnly }: ScenarioSummary): string {
  const { counts, measures } = record.verdict;
  const { worstMs } = measures.delay;
  return [
    `detect ${describeReading(readings.detect)}`,
    `alert ${describeReading(readings.alert)}`,
    `recover ${describeReading(readings.recover)}`,
    `worst delay ${worstMs === null ? "–" : formatDuration(worstMs)}`,
    `${counts.settledRight} of ${countOf(counts.transactions, "transaction")} settled right`,
    ...(loggedOnly > 0 ? [`${loggedOnly} logged only`] : []),
  ].join("; ");
}
