// Plain text tables: columns as wide as their widest cell, the last one wrapped to the terminal.

/** Rows of cells → lines of at most `width` columns, two blanks between columns. */
export function table(rows: readonly (readonly string[])[], width: number): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? "").length)),
  );
  const indent = widths.slice(0, -1).reduce((sum, column) => sum + column + 2, 0);
  const room = Math.max(20, width - indent);
  return rows.flatMap((row) => {
    const head = row
      .slice(0, -1)
      .map((cell, i) => cell.padEnd((widths[i] ?? 0) + 2))
      .join("");
    const [first = "", ...rest] = wrap(row.at(-1) ?? "", room);
    return [head + first, ...rest.map((line) => " ".repeat(indent) + line)].map((line) => line.trimEnd());
  });
}

/** Breaks at spaces; a word that is longer than the room stays whole. */
export function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}
