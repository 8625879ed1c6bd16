// The top of a terminal report: can I trust it, readable within five seconds.

import type { RunRecord } from "../../history/run-record.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { Summary } from "../summary/summary.ts";
import { ANSWER_SYMBOL, countOf, VERDICT_SYMBOL } from "../summary/words.ts";
import { displayWidth, padEnd, truncate } from "../text/layout.ts";
import { ANSWER_STYLE, VERDICT_STYLE } from "../text/paint.ts";
import { plain } from "../text/plain.ts";
import { hanging, type Pen } from "./pen.ts";

const LONGEST_NAME = 60;

export function headlineLines(pen: Pen, record: RunRecord, summary: Summary): string[] {
  const { standing, answer, reason } = summary.headline;
  const facts = [
    `partner ${name(summary.partner)}`,
    countOf(new Set(record.scenarios.map(({ scenario }) => scenario.id)).size, "scenario"),
    formatDuration(record.durationMs),
    `seed ${name(record.seed)}`,
  ];
  return [
    ...hanging(pen, {
      lead: `${VERDICT_SYMBOL[standing]} `,
      text: `Can I trust ${name(summary.system)}?  ${answer}: ${reason}.`,
      leadStyle: ["bold", VERDICT_STYLE[standing]],
      style: ["bold", VERDICT_STYLE[standing]],
    }),
    ...trustGrid(pen, summary),
    ...hanging(pen, { lead: "  ", text: facts.join(" · "), style: "dim" }),
  ];
}

function name(text: string): string {
  return truncate(plain(text), LONGEST_NAME);
}

/** Two answers a line, where they fit. */
function trustGrid(pen: Pen, { trust }: Summary): string[] {
  const lead = "  Can we  ";
  const cells = trust.map(({ answer, phrase }) => ({ text: `${ANSWER_SYMBOL[answer]} ${phrase}`, answer }));
  const column = Math.max(...cells.map(({ text }) => displayWidth(text))) + 3;
  const perLine = lead.length + 2 * column <= pen.width ? 2 : 1;
  const lines: string[] = [];
  for (let first = 0; first < cells.length; first += perLine) {
    const line = cells
      .slice(first, first + perLine)
      .map(({ text, answer }) => pen.paint(ANSWER_STYLE[answer], padEnd(text, column)));
    lines.push((first === 0 ? lead : " ".repeat(lead.length)) + line.join(""));
  }
  return lines;
}
