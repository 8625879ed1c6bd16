// Makes text harmless in GitHub Flavored Markdown: no markup, no mention, no link, no cell border.
import { plain } from "../text/plain.ts";

const LONGEST_TEXT = 600;

/** One line; every character with a meaning to Markdown or HTML is written as a reference (CommonMark 0.31, 2.5). */
export function escapeMarkdown(text: string, longest = LONGEST_TEXT): string {
  const line = plain(text);
  const cut = line.length > longest ? `${line.slice(0, longest)}…` : line;
  return plain(cut).replace(
    /[&<>|*_`[\]\\~#@!$]|:(?=\/\/)|(?<=\bwww)\./gi,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
