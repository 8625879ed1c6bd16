// What every part of a terminal report needs to draw: colours and a width, and the few shapes that recur.
import { displayWidth, truncate, wrap } from "../text/layout.ts";
import type { Paint, Style } from "../text/paint.ts";

export interface Pen {
  paint: Paint;
  /** Columns; no line is longer. */
  width: number;
}

/** Findings are sentences; what is longer comes from a hostile or broken system, and run.json has all of it. */
const LONGEST_TEXT = 480;

export interface Hanging {
  /** Stands before the first line; later lines are indented by its width. */
  lead: string;
  leadStyle?: Style | Style[];
  text: string;
  style?: Style | Style[];
}

/** Wrapped text under a lead: `  alerts  claim CLM-0017: accepted at …`. */
export function hanging(pen: Pen, { lead, leadStyle, text, style }: Hanging): string[] {
  const indent = displayWidth(lead);
  return wrap(truncate(text, LONGEST_TEXT), pen.width - indent).map((line, index) => {
    const before = index === 0 ? (leadStyle ? pen.paint(leadStyle, lead) : lead) : " ".repeat(indent);
    return before + (style ? pen.paint(style, line) : line);
  });
}

/** A blank line and a title. */
export function heading(pen: Pen, title: string): string[] {
  return ["", pen.paint("bold", truncate(title, pen.width))];
}
