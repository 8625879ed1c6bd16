// Fits text into columns of a terminal: width, cutting, padding, wrapping. Works on text without colour.

const ZERO_WIDTH = /\p{M}/u;
/** East Asian wide and emoji characters take two columns (Unicode Standard Annex 11, simplified). */
const DOUBLE_WIDTH =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** A number and its unit stay on one line. */
const AMOUNT = /(\d) (ms|s|min)\b/g;

/** Columns that the text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (character < "\u0300") return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  return DOUBLE_WIDTH.test(character) ? 2 : 1;
}

/** At most `width` columns, the last of them an ellipsis where something was cut off. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return width < 1 ? "" : `${takeColumns(text, width - 1).trimEnd()}…`;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Lines of at most `width` columns, broken at spaces, or inside a word that is longer than a line. */
export function wrap(text: string, width: number): string[] {
  const columns = Math.max(8, width);
  const lines: string[] = [];
  let line = "";
  for (const word of text.replace(AMOUNT, "$1\u00a0$2").split(" ")) {
    let rest = word.replaceAll("\u00a0", " ");
    if (line !== "" && displayWidth(line) + 1 + displayWidth(rest) <= columns) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== "") lines.push(line);
    while (displayWidth(rest) > columns) {
      const piece = takeColumns(rest, columns);
      lines.push(piece);
      rest = rest.slice(piece.length);
    }
    line = rest;
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

function takeColumns(text: string, width: number): string {
  let taken = "";
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    taken += character;
  }
  return taken;
}
