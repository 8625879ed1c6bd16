// summary.md: the run for a CI job summary, bounded to what GitHub accepts (1 MiB a step).

import type { RunRecord } from "../../history/run-record.ts";
import { worstVerdict } from "../../history/verdict.ts";
import { formatDuration } from "../../lib/duration.ts";
import { type ClaimAnswer, claimStanding } from "../summary/claims.ts";
import type { QuestionAnswer } from "../summary/questions.ts";
import { type Summary, summarize } from "../summary/summary.ts";
import {
  ANSWER_SYMBOL,
  ANSWER_WORD,
  countOf,
  describeReading,
  STANDING_SYMBOL,
  shortListOf,
  VERDICT_SYMBOL,
} from "../summary/words.ts";
import { takeWithin } from "./bounded.ts";
import { escapeMarkdown } from "./escape.ts";
import { mutationTable } from "./mutations.ts";
import { failureBlock, scenarioRow } from "./scenarios.ts";

const LONGEST_NAME = 80;
const LONGEST_CLAIM = 200;
const MOST_BYTES = 1_048_576;
/** Answers, claims and headings are small whatever the run; the rest of the budget goes to rows and to evidence. */
const ROW_BYTES = 300_000;
const EVIDENCE_BYTES = 600_000;

export function renderMarkdown(record: RunRecord): string {
  const summary = summarize(record);
  const sections = [
    head(record, summary),
    trustTable(summary),
    questionTable(summary),
    businessTable(summary),
    claimList(summary.claims),
    scenarioTable(summary),
    evidence(summary),
    mutationTable(summary),
    coverage(summary),
    foot(record, summary),
  ];
  const text = `${sections.filter((section) => section !== "").join("\n\n")}\n`;
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  // Only a record with thousands of claims or channels gets here.
  const short = takeWithin(text.split("\n"), MOST_BYTES - 200);
  return `${short.taken.join("\n")}\n\n${countOf(short.left, "more line")} in run.json\n`;
}

function head({ durationMs, seed }: RunRecord, { headline, system, partner, scenarios }: Summary): string {
  const passed = scenarios.filter(({ verdict }) => verdict === "passed").length;
  return [
    `## ${VERDICT_SYMBOL[headline.standing]} Can I trust ${escapeMarkdown(system, LONGEST_NAME)}? ${headline.answer}: ${headline.reason}`,
    "",
    `${passed} of ${countOf(scenarios.length, "scenario")} passed · partner ${escapeMarkdown(partner, LONGEST_NAME)} · ${formatDuration(durationMs)} · seed ${escapeMarkdown(seed, LONGEST_NAME)}`,
  ].join("\n");
}

function trustTable({ trust }: Summary): string {
  const rows = trust.map(
    ({ question, answer, evidence }) =>
      `| ${question} | ${ANSWER_SYMBOL[answer]} ${ANSWER_WORD[answer]} | ${escapeMarkdown(evidence)} |`,
  );
  return table(["Trust", "Answer", "Evidence"], rows);
}

function questionTable({ questions }: Summary): string {
  return table(["Question", "Verdict", "Detect", "Alert", "Recover"], questions.map(questionRow));
}

function questionRow({ question, verdict, readings, absorbs }: QuestionAnswer): string {
  if (verdict === "not-asked") return `| ${question} | no scenario asked | – | – | – |`;
  const said = absorbs && verdict === "passed" ? "absorbed" : verdict;
  const cells = [readings.detect, readings.alert, readings.recover].map(describeReading);
  return `| ${question} | ${VERDICT_SYMBOL[verdict]} ${said} | ${cells.join(" | ")} |`;
}

function businessTable({ business }: Summary): string {
  const rows = business.map(
    ({ question, standing, answer }) =>
      `| ${question} | ${STANDING_SYMBOL[standing]} ${escapeMarkdown(answer)} |`,
  );
  return table(["For the business", "Answer"], rows);
}

function claimList(claims: ClaimAnswer[]): string {
  return claims
    .map((answer) => {
      const { claim, result, reservation } = answer;
      return `- ${STANDING_SYMBOL[claimStanding(answer)]} “${escapeMarkdown(claim, LONGEST_CLAIM)}”: **${result}**${reservation ? ` (${reservation})` : ""}`;
    })
    .join("\n");
}

function scenarioTable({ scenarios }: Summary): string {
  const rows = [...scenarios].sort((a, b) =>
    a.verdict === b.verdict ? 0 : worstVerdict([a.verdict, b.verdict]) === a.verdict ? -1 : 1,
  );
  const { taken, left } = takeWithin(rows.map(scenarioRow), ROW_BYTES);
  const body = table(["", "Scenario", "Detect", "Alert", "Recover", "Time"], taken);
  return left > 0 ? `${body}\n\n${countOf(left, "more scenario")} in run.json` : body;
}

function evidence({ scenarios }: Summary): string {
  const blocks = scenarios.filter(({ verdict }) => verdict !== "passed").map(failureBlock);
  const { taken, left } = takeWithin(blocks, EVIDENCE_BYTES);
  return [...taken, ...(left > 0 ? [`Evidence of ${countOf(left, "more scenario")} in run.json`] : [])].join(
    "\n\n",
  );
}

function coverage({ coverage: { cannotTell, notExercised } }: Summary): string {
  return [
    ...cannotTell.map(({ id, reason }) => `- ? \`${id}\`: cannot tell, ${escapeMarkdown(reason)}`),
    ...(notExercised.length > 0
      ? [`- never exercised: ${notExercised.map((id) => `\`${id}\``).join(", ")}`]
      : []),
  ].join("\n");
}

function foot({ id, version }: RunRecord, { notRun }: Summary): string {
  const missing = notRun.length > 0 ? `Not run: ${escapeMarkdown(shortListOf(notRun, 20))}\n\n` : "";
  return `${missing}<sub>neverfails ${escapeMarkdown(version)}, run ${escapeMarkdown(id)}</sub>`;
}

function table(headings: string[], rows: string[]): string {
  return [`| ${headings.join(" | ")} |`, `|${" --- |".repeat(headings.length)}`, ...rows].join("\n");
}
