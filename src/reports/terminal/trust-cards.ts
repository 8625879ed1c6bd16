// Two systems side by side before the same partner: what each did, and whether it can be trusted.
import type { RunRecord } from "../../history/run-record.ts";
import { type Summary, summarize } from "../summary/summary.ts";
import { padEnd } from "../text/layout.ts";
import { createPaint } from "../text/paint.ts";
import { cardRows, drawCard } from "./card.ts";
import { claimLine } from "./claims.ts";
import type { Pen } from "./pen.ts";
import { tellingLines } from "./telling.ts";

export interface TrustCardOptions {
  color: boolean;
  /** Columns; cards stand side by side from 96 on, below one another before that. */
  width: number;
}

const SIDE_BY_SIDE = 96;
const WIDEST_CARD = 64;
const GAP = 2;

/** Ends with a line break; no line is longer than `width` (60 at least). */
export function renderTrustCards(left: RunRecord, right: RunRecord, options: TrustCardOptions): string {
  const pen: Pen = { paint: createPaint(options.color), width: Math.max(60, options.width) };
  const summaries = [summarize(left), summarize(right)];
  const lines = [
    ...cards(pen, summaries),
    ...summaries.flatMap((summary) => tellingLines(pen, summary)),
    "",
    ...summaries.flatMap(({ claims: [main] }) => claimLine(pen, main)),
  ];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function cards(pen: Pen, summaries: Summary[]): string[] {
  const areSideBySide = pen.width >= SIDE_BY_SIDE;
  const width = Math.min(WIDEST_CARD, areSideBySide ? Math.floor((pen.width - GAP) / 2) : pen.width);
  const reserves = summaries.some(({ claims: [main] }) => main.reservation !== undefined);
  const drawn = summaries.map((summary) =>
    drawCard(pen.paint, width, cardRows(summary, { width: width - 4, reserves })),
  );
  if (!areSideBySide) return drawn.flat();
  const height = Math.max(...drawn.map(({ length }) => length));
  return Array.from({ length: height }, (_, index) =>
    drawn.map((card) => card[index] ?? padEnd("", width)).join(" ".repeat(GAP)),
  );
}
