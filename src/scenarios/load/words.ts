// Splits a command line into program and arguments, without a shell: quotes and backslashes only.

/**
 * `node "my server.js" --port {{ system.port }}` → four words: quotes keep spaces, a backslash keeps the next
 * character (not inside single quotes), and what stands in `{{ }}` is never split. Undefined: an open quote.
 */
export function splitCommand(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < line.length; ) {
    const rest = line.slice(i);
    const expression = /^\{\{.*?\}\}/s.exec(rest)?.[0];
    const quoted = /^"((?:[^"\\]|\\.)*)"|^'([^']*)'/s.exec(rest);
    const escaped = /^\\(.)/s.exec(rest);
    if (expression !== undefined) {
      word = (word ?? "") + expression;
      i += expression.length;
    } else if (quoted) {
      word = (word ?? "") + (quoted[2] ?? (quoted[1] ?? "").replace(/\\(["\\])/g, "$1"));
      i += quoted[0].length;
    } else if (escaped) {
      word = (word ?? "") + escaped[1];
      i += 2;
    } else if (rest.startsWith('"') || rest.startsWith("'")) {
      return undefined;
    } else if (/^\s/.test(rest)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      i += 1;
    } else {
      word = (word ?? "") + rest[0];
      i += 1;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
