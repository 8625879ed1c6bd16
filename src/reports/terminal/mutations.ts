// The coverage of payload mutations as a compact table: a row a field, and what broke it by name.
import { type FieldCoverage, fieldName, mutationsText } from "../summary/mutations.ts";
import type { Summary } from "../summary/summary.ts";
import { displayWidth, padEnd, padStart, truncate } from "../text/layout.ts";
import { plain } from "../text/plain.ts";
import { hanging, heading, type Pen } from "./pen.ts";

const CELL = 11;
/** Payloads may have hundreds of fields; those that broke come first, the rest is in run.json. */
const MOST_ROWS = 12;
const LONGEST_FIELD = 24;

export function mutationLines(pen: Pen, { mutations }: Summary): string[] {
  if (mutations === undefined) return [];
  const rows = [...mutations.fields].sort((a, b) => Number(b.broke.length > 0) - Number(a.broke.length > 0));
  const shown = rows.slice(0, MOST_ROWS);
  const column = Math.min(LONGEST_FIELD, Math.max(...shown.map((row) => displayWidth(fieldName(row))))) + 2;
  const names = ["survived", "broke", "not tried"].map((name) => padStart(name, CELL)).join("");
  return [
    ...heading(pen, "Payload mutations"),
    ...hanging(pen, { lead: "  ", text: mutationsText(mutations) }),
    pen.paint("dim", `  ${padEnd("", column)}${names}`),
    ...shown.flatMap((row) => fieldLines(pen, row, column)),
    ...(rows.length > shown.length
      ? [pen.paint("dim", `  and ${rows.length - shown.length} more in run.json`)]
      : []),
  ];
}

function fieldLines(pen: Pen, row: FieldCoverage, column: number): string[] {
  const { survived, broke, notTried } = row;
  const cells = [survived, broke, notTried].map(({ length }) =>
    padStart(length === 0 ? "–" : `${length}`, CELL),
  );
  const isBroken = broke.length > 0;
  const symbol = isBroken ? pen.paint("red", "✗") : survived.length > 0 ? pen.paint("green", "✓") : "·";
  const name = padEnd(truncate(plain(fieldName(row)), column - 2), column);
  return [
    `${symbol} ${name}${cells.join("")}`,
    ...(isBroken
      ? hanging(pen, { lead: "    broke on ", leadStyle: "red", text: plain(broke.join(", ")) })
      : []),
  ];
}
