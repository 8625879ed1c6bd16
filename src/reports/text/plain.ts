// Makes text that came from outside (titles, findings, log lines) safe to print: nothing in it can move a cursor or hide text.
import { stripVTControlCharacters } from "node:util";

/** One line without escape sequences, control, bidirectional or invisible format characters. */
export function plain(text: string): string {
  return plainLines(text).replace(/\s+/g, " ").trim();
}

/** As `plain`, but keeps line breaks and tabs. */
export function plainLines(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, "\n")
    .replace(/(?![\n\t])\p{Cc}|[\p{Cf}\u2028\u2029]/gu, " ")
    .replace(/\p{Cs}|[\ufffe\uffff]/gu, "\ufffd");
}
