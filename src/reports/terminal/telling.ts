// What broke a system, one line a question: the evidence that a stranger understands at once.
import { mostTellingLines } from "../summary/findings.ts";
import type { Summary } from "../summary/summary.ts";
import { countOf } from "../summary/words.ts";
import { truncate } from "../text/layout.ts";
import { plain } from "../text/plain.ts";
import { hanging, heading, type Pen } from "./pen.ts";

const MOST_LINES = 6;

export function tellingLines(pen: Pen, { system, questions, scenarios }: Summary): string[] {
  const phrases = new Map(
    questions.flatMap(({ phrase, scenarios: asking }) => asking.map(({ label }) => [label, phrase])),
  );
  const failed = scenarios.filter(({ verdict }) => verdict === "failed");
  // One a question first: five different failures say more than five of a kind.
  const firsts = failed.filter(({ label }, index) => {
    const phrase = phrases.get(label);
    return phrase === undefined || failed.findIndex((other) => phrases.get(other.label) === phrase) === index;
  });
  const shown = firsts.slice(0, MOST_LINES);
  if (shown.length === 0) return [];
  return [
    ...heading(pen, `What broke ${plain(system)}`),
    ...mostTellingLines(shown).flatMap(({ scenario, check, text }) => [
      `${pen.paint("red", "✗")} ${truncate(plain(scenario), pen.width - check.length - 4)}  ${pen.paint("dim", check)}`,
      ...hanging(pen, { lead: "    ", text: plain(text) }),
    ]),
    ...(failed.length > shown.length
      ? [pen.paint("dim", `  and ${countOf(failed.length - shown.length, "more scenario")} failed`)]
      : []),
  ];
}
