// One trust card: a box with the claim, the five questions and the four trust answers.

import { claimStanding } from "../summary/claims.ts";
import type { QuestionAnswer } from "../summary/questions.ts";
import type { Reading } from "../summary/reading.ts";
import type { Summary } from "../summary/summary.ts";
import {
  ANSWER_SYMBOL,
  ANSWER_WORD,
  describeReading,
  shortReading,
  VERDICT_SYMBOL,
} from "../summary/words.ts";
import { displayWidth, padEnd, truncate } from "../text/layout.ts";
import { ANSWER_STYLE, type Paint, STANDING_STYLE, type Style, VERDICT_STYLE } from "../text/paint.ts";
import { plain } from "../text/plain.ts";
import { ABSORBED } from "./scenarios.ts";

interface Span {
  text: string;
  style?: Style | Style[];
}

export type CardRow =
  | { kind: "title"; text: string }
  | { kind: "rule"; text: string }
  | { kind: "line"; spans: Span[] };

const NAMES = ["detect", "alert", "recover"] as const;
const INDENT = "  ";

export interface CardLayout {
  /** Columns inside the box. */
  width: number;
  /** Keeps a line for what limits the claim. */
  reserves: boolean;
}

/** The same rows for every system, so that two cards can be compared line by line. */
export function cardRows(
  { system, headline, claims: [main], questions, trust }: Summary,
  { width, reserves }: CardLayout,
): CardRow[] {
  const style = STANDING_STYLE[claimStanding(main)];
  const columns = columnsFor(questions, width - INDENT.length);
  return [
    { kind: "title", text: plain(system) },
    line(
      { text: `${VERDICT_SYMBOL[headline.standing]} Can I trust it?  `, style: "bold" },
      { text: headline.answer, style: ["bold", VERDICT_STYLE[headline.standing]] },
    ),
    line({ text: `${INDENT}"never fails": ${main.result}`, style }),
    ...(reserves ? [line({ text: `${INDENT}${main.reservation ?? ""}`, style: "yellow" })] : []),
    { kind: "rule", text: "If the partner …" },
    line(
      { text: INDENT },
      ...NAMES.map((name, index): Span => ({ text: padEnd(name, columns.widths[index] ?? 0), style: "dim" })),
    ),
    ...questions.flatMap((question) => questionRows(question, columns)),
    { kind: "rule", text: "Can we …" },
    ...trust.map(({ answer, phrase }) =>
      line(
        { text: `${ANSWER_SYMBOL[answer]} `, style: ANSWER_STYLE[answer] },
        { text: padEnd(phrase, width - 13) },
        { text: ANSWER_WORD[answer], style: ["bold", ANSWER_STYLE[answer]] },
      ),
    ),
  ];
}

export function drawCard(paint: Paint, width: number, rows: CardRow[]): string[] {
  return [...rows.map((row) => drawRow(paint, width, row)), paint("dim", `╰${"─".repeat(width - 2)}╯`)];
}

function drawRow(paint: Paint, width: number, row: CardRow): string {
  switch (row.kind) {
    case "title":
      return border(paint, width, ["╭", "╮"], row.text, "bold");
    case "rule":
      return border(paint, width, ["├", "┤"], row.text, "dim");
    case "line": {
      const inner = width - 4;
      let used = 0;
      const painted = row.spans.map(({ text, style }) => {
        const shown = truncate(text, inner - used);
        used += displayWidth(shown);
        return style ? paint(style, shown) : shown;
      });
      const bar = paint("dim", "│");
      return `${bar} ${painted.join("")}${" ".repeat(inner - used)} ${bar}`;
    }
  }
}

function border(
  paint: Paint,
  width: number,
  [start, end]: [string, string],
  title: string,
  style: Style,
): string {
  const shown = truncate(title, width - 6);
  const rest = "─".repeat(width - 5 - displayWidth(shown));
  return `${paint("dim", `${start}─ `)}${paint(style, shown)}${paint("dim", ` ${rest}${end}`)}`;
}

interface Columns {
  wording: (reading: Reading) => string;
  widths: number[];
}

const WORDINGS = [
  describeReading,
  (reading: Reading) => shortReading(reading).replace("/", " of "),
  shortReading,
];

/** The most readable wording for which the three columns fit side by side. */
function columnsFor(questions: QuestionAnswer[], width: number): Columns {
  const layouts = WORDINGS.map((wording): Columns => {
    const widest = (name: (typeof NAMES)[number]) =>
      Math.max(name.length, ...questions.map(({ readings }) => displayWidth(wording(readings[name]))));
    return { wording, widths: NAMES.map((name) => widest(name) + 2) };
  });
  const fits = ({ widths }: Columns) => widths.reduce((sum, each) => sum + each, -2) <= width;
  const { wording, widths } = layouts.find(fits) ?? { wording: shortReading, widths: [0, 0, 0] };
  const column = Math.floor(width / NAMES.length);
  return { wording, widths: widths.every((each) => each <= column) ? widths.map(() => column) : widths };
}

function questionRows(
  { verdict, phrase, readings, absorbs }: QuestionAnswer,
  { wording, widths }: Columns,
): CardRow[] {
  if (verdict === "not-asked") {
    return [
      line({ text: `· ${phrase}`, style: "dim" }),
      line({ text: `${INDENT}no scenario asked`, style: "dim" }),
    ];
  }
  const cells = NAMES.map((name, index): Span => {
    const text = padEnd(wording(readings[name]), widths[index] ?? 0);
    const { kind } = readings[name];
    return kind === "measured" ? { text } : { text, style: kind === "never" ? "red" : "dim" };
  });
  return [
    line(
      { text: `${VERDICT_SYMBOL[verdict]} `, style: VERDICT_STYLE[verdict] },
      { text: phrase, style: "bold" },
    ),
    absorbs
      ? line({ text: `${INDENT}${ABSORBED[verdict]}`, ...(verdict === "failed" ? { style: "red" } : {}) })
      : line({ text: INDENT }, ...cells),
  ];
}

function line(...spans: Span[]): CardRow {
  return { kind: "line", spans };
}
