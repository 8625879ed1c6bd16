// The verdict of a run for a person at a terminal: the answer first, the evidence below it.
import type { RunRecord } from "../../history/run-record.ts";
import { summarize } from "../summary/summary.ts";
import { createPaint } from "../text/paint.ts";
import { businessLines, coverageLines, questionLines, questionRow, trustLines } from "./answers.ts";
import { claimLines, nextStepLines } from "./claims.ts";
import { headlineLines } from "./headline.ts";
import { mutationLines } from "./mutations.ts";
import type { Pen } from "./pen.ts";
import { scenarioLines, scenarioRow } from "./scenarios.ts";
import { columnsFor, headerLine } from "./table.ts";

export interface TerminalOptions {
  color: boolean;
  /** Columns; below 60 it is laid out for 60. */
  width: number;
  /** Where the reports of this run are, as the user may type it. */
  runFolder?: string;
}

/** Ends with a line break; no line is longer than `width`; no escape sequence unless `color`. */
export function renderRun(record: RunRecord, options: TerminalOptions): string {
  const pen: Pen = { paint: createPaint(options.color), width: Math.max(60, options.width) };
  const summary = summarize(record);
  const columns = columnsFor(
    [...summary.scenarios.map(scenarioRow), ...summary.questions.map(questionRow)],
    pen.width,
  );
  const lines = [
    ...headlineLines(pen, record, summary),
    "",
    headerLine(pen, columns, "Scenarios"),
    ...summary.scenarios.flatMap((scenario) => scenarioLines(pen, columns, scenario)),
    ...questionLines(pen, columns, summary),
    ...businessLines(pen, summary),
    ...trustLines(pen, summary),
    ...mutationLines(pen, summary),
    ...coverageLines(pen, summary),
    ...claimLines(pen, summary),
    ...nextStepLines(pen, record, summary, options.runFolder),
  ];
  const text = lines.map((line) => line.trimEnd()).join("\n");
  return `${text.replace(/\n{3,}/g, "\n\n")}\n`;
}
