// What a benchmark found, as rows of one table.

export interface Row {
  what: string;
  /** What the partner reached. */
  reached: string;
  /** The limit that was measured in the same run. */
  limit: string;
  /** What it is held against. */
  target: string;
  met: boolean;
}

export function formatTable(rows: readonly Row[]): string {
  const head = ["what", "neverfails", "limit, same run", "target", "met"];
  const cells = rows.map(({ what, reached, limit, target, met }) => [
    what,
    reached,
    limit,
    target,
    met ? "yes" : "no",
  ]);
  return formatCells([head, ...cells]);
}

/** Markdown; the first row is the head. */
export function formatCells(cells: readonly string[][]): string {
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length))) ?? [];
  const lines = cells.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The median, and between what the slices lay. */
export function spread(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
}
