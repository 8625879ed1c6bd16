// The kill matrix as a table: which protection, removed from the trustworthy system, is caught by which scenario and check.
import { countOf } from "./summary/words.ts";
import { displayWidth, padEnd } from "./text/layout.ts";
import { plain } from "./text/plain.ts";

export interface Kill {
  scenario: string;
  check: string;
}

/** The trustworthy system with one protection removed. */
export interface Removal {
  removal: string;
  /** The scenarios named for it, each with the check that failed it. */
  killedBy: Kill[];
  /** Failures that nobody expected of this removal. */
  unexpected: Kill[];
  /** The baseline failed already, so nothing is proved. */
  void: boolean;
  /** Other scenarios that passed. */
  passed: number;
}

/** A harmless variant: every failure is a false alarm of the judge's. */
export interface Benign {
  variant: string;
  failed: Kill[];
  passed: number;
}

export interface KillMatrix {
  removals: Removal[];
  benign: Benign[];
}

/** Plain text, aligned; one removal a block, the sum at the end. */
export function renderKillMatrix({ removals, benign }: KillMatrix): string {
  const rows = [
    ...removals.flatMap(removalRows),
    ...(benign.length > 0 ? [[] as string[]] : []),
    ...benign.flatMap(benignRows),
  ];
  const table = align([["", "removed protection", "killed by", "check", "others passed"], ...rows]);
  return `${[...table, "", ...totals(removals, benign)].join("\n")}\n`;
}

function removalRows({ removal, killedBy, unexpected, void: isVoid, passed }: Removal): string[][] {
  const status = isVoid
    ? "void"
    : killedBy.length === 0
      ? "survived"
      : unexpected.length > 0
        ? "unclean"
        : "killed";
  const kills = [
    ...killedBy.map(({ scenario, check }) => [scenario, check]),
    ...unexpected.map(({ scenario, check }) => [scenario, `${check} (unexpected)`]),
  ];
  const [first = [isVoid ? "the baseline failed already" : "nothing", ""], ...rest] = kills;
  return [[status, removal, ...first, String(passed)], ...rest.map((kill) => ["", "", ...kill, ""])];
}

function benignRows({ variant, failed, passed }: Benign): string[][] {
  const [first, ...rest] = failed.map(({ scenario, check }) => [scenario, `${check} (false alarm)`]);
  const status = failed.length === 0 ? "passed" : "failed";
  return [
    [status, `benign: ${variant}`, ...(first ?? ["–", "–"]), String(passed)],
    ...rest.map((kill) => ["", "", ...kill, ""]),
  ];
}

function totals(removals: Removal[], benign: Benign[]): string[] {
  const proving = removals.filter((removal) => !removal.void);
  const killed = proving.filter(({ killedBy }) => killedBy.length > 0).length;
  const unclean = proving.filter(({ unexpected }) => unexpected.length > 0).length;
  const right = benign.filter(({ failed }) => failed.length === 0).length;
  return [
    `${killed} of ${countOf(removals.length, "removal")} killed by the scenarios named for them; ` +
      `${proving.length - killed} survived, ${removals.length - proving.length} void, ${unclean} with unexpected failures`,
    `${right} of ${countOf(benign.length, "benign variant")} passed everything`,
  ];
}

function align(rows: string[][]): string[] {
  const cells = rows.map((row) => row.map(plain));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => displayWidth(row[column] ?? ""))),
  );
  return cells.map((row) =>
    row
      .map((text, column) => padEnd(text, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
