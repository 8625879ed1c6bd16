// The rows of scenarios and of questions: what it is, and how soon it was detected, alerted and recovered.
import type { Verdict } from "../../history/verdict.ts";
import type { Reading, Readings } from "../summary/reading.ts";
import { shortReading, VERDICT_SYMBOL } from "../summary/words.ts";
import { displayWidth, padEnd, padStart, truncate } from "../text/layout.ts";
import { type Paint, VERDICT_STYLE } from "../text/paint.ts";
import type { Pen } from "./pen.ts";

export interface Row {
  verdict: Verdict | "not-asked";
  label: string;
  /** Shown where there is room for it. */
  title?: string;
  readings: Readings;
  /** Stands in place of the readings. */
  remark?: string;
}

export interface Columns {
  label: number;
  /** 0: no room for titles beside the labels. */
  title: number;
  cell: number;
}

const NAMES = ["detect", "alert", "recover"] as const;
const SMALLEST_TITLE = 24;
const SMALLEST_LABEL = 20;

/** One layout for all tables of a report, so that the columns stand below one another. */
export function columnsFor(rows: Row[], width: number): Columns {
  const texts = rows.flatMap(({ readings }) => NAMES.map((name) => shortReading(readings[name])));
  const widest = Math.max(...NAMES.map((name) => name.length), ...texts.map(displayWidth)) + 2;
  const cell = Math.min(widest, Math.floor((width - SMALLEST_LABEL) / NAMES.length));
  const room = width - 2 - NAMES.length * cell;
  const label = Math.min(Math.max(12, ...rows.map((row) => displayWidth(row.label))), room);
  const title = room - label - 2;
  return { label, title: title >= SMALLEST_TITLE ? title : 0, cell };
}

export function headerLine(pen: Pen, columns: Columns, title: string): string {
  const names = NAMES.map((name) => padStart(name, columns.cell)).join("");
  return pen.paint("bold", padEnd(title, leftWidth(columns))) + pen.paint("dim", names);
}

export function rowLine(pen: Pen, columns: Columns, row: Row): string {
  const { verdict, label, readings, remark } = row;
  const isAsked = verdict !== "not-asked";
  const symbol = isAsked ? pen.paint(VERDICT_STYLE[verdict], VERDICT_SYMBOL[verdict]) : pen.paint("dim", "·");
  const name = padEnd(truncate(label, columns.label), columns.label);
  const named = verdict === "failed" || verdict === "error" ? pen.paint("bold", name) : name;
  const described = columns.title === 0 ? "" : `  ${pen.paint("dim", titleText(row, columns.title))}`;
  const cells =
    remark === undefined
      ? NAMES.map((each) =>
          paintReading(pen.paint, readings[each], cellText(shortReading(readings[each]), columns.cell)),
        ).join("")
      : pen.paint("dim", padStart(truncate(remark, 3 * columns.cell - 2), 3 * columns.cell));
  return `${symbol} ${named}${described}${cells}`;
}

/** What did not pass is followed by its whole title, so it is not begun here. */
function titleText({ verdict, title = "" }: Row, width: number): string {
  const isFollowed = verdict !== "passed" && displayWidth(title) > width;
  return padEnd(isFollowed ? "" : truncate(title, width), width);
}

export function paintReading(paint: Paint, reading: Reading, text: string): string {
  switch (reading.kind) {
    case "none":
      return paint("dim", text);
    case "measured":
      return text;
    case "never":
      return paint("red", text);
  }
}

function leftWidth({ label, title }: Columns): number {
  return 2 + label + (title === 0 ? 0 : title + 2);
}

function cellText(text: string, width: number): string {
  return padStart(truncate(text, width - 1), width);
}
