// The words in which every report speaks of verdicts, times and amounts.

import type { Verdict } from "../../history/verdict.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { Standing } from "./business.ts";
import type { Reading } from "./reading.ts";
import type { Answer } from "./trust.ts";

export const VERDICT_SYMBOL: Record<Verdict, string> = {
  passed: "✓",
  failed: "✗",
  inconclusive: "?",
  error: "!",
};
export const STANDING_SYMBOL: Record<Standing, string> = { good: "✓", bad: "✗", unknown: "?" };
export const ANSWER_SYMBOL: Record<Answer, string> = { yes: "✓", no: "✗", "cannot-tell": "?" };
export const ANSWER_WORD: Record<Answer, string> = { yes: "yes", no: "no", "cannot-tell": "cannot tell" };

/** `1 scenario`, `2 scenarios`, `3 entries`. */
export function countOf(count: number, noun: string): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural(noun)}`;
}

export function plural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** `12,345.5`, whatever the locale of the machine. */
export function formatNumber(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** `0.41 s`, `never (9 of 12)`, `–`: for a line of its own. */
export function describeReading(reading: Reading): string {
  return reading.kind === "never" ? `never (${reading.never} of ${reading.of})` : shortReading(reading);
}

/** `0.41 s`, `never 9/12`, `–`: for a column. */
export function shortReading(reading: Reading): string {
  switch (reading.kind) {
    case "none":
      return "–";
    case "measured":
      return reading.worstMs <= 0 ? "at once" : formatDuration(reading.worstMs);
    case "never":
      return `never ${reading.never}/${reading.of}`;
  }
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(words: string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** At most `limit` words, then how many more there are. */
export function shortListOf(words: string[], limit: number): string {
  return words.length <= limit
    ? listOf(words)
    : `${words.slice(0, limit).join(", ")} and ${words.length - limit} more`;
}
