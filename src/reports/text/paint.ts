// Colours, or none at all.
import { styleText } from "node:util";
import type { Verdict } from "../../history/verdict.ts";
import type { Standing } from "../summary/business.ts";
import type { Answer } from "../summary/trust.ts";

export type Style = "red" | "green" | "yellow" | "magenta" | "cyan" | "bold" | "dim";
export type Paint = (style: Style | Style[], text: string) => string;

/** The caller has decided whether colour is wanted (NO_COLOR, terminal), so the stream is not looked at again. */
export function createPaint(color: boolean): Paint {
  return color
    ? (style, text) => (text === "" ? "" : styleText(style, text, { validateStream: false }))
    : (_, text) => text;
}

export const VERDICT_STYLE: Record<Verdict, Style> = {
  passed: "green",
  failed: "red",
  inconclusive: "yellow",
  error: "magenta",
};
export const STANDING_STYLE: Record<Standing, Style> = { good: "green", bad: "red", unknown: "yellow" };
export const ANSWER_STYLE: Record<Answer, Style> = { yes: "green", no: "red", "cannot-tell": "yellow" };
