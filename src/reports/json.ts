// The run record itself, as run.json holds it.
import type { RunRecord } from "../history/run-record.ts";

/** Two spaces, the record's own order, a line break at the end; invisible and control characters are escaped, so that printing it is safe. */
export function renderJson(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2).replace(UNSEEN, escapeUnits)}\n`;
}

/** JSON allows these raw inside texts, a terminal or an editor does not take them well. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}
