// Reads the Prometheus text format 0.0.4 and sums the samples that a selector names.
// Source: prometheus/docs, "Exposition formats"; OpenMetrics text (exemplars, `# EOF`) is tolerated.

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Thrown for text that is not in the format; the message has the line. */
export class MetricsError extends Error {
  override name = "MetricsError";
}

const NAME = /[A-Za-z_:][A-Za-z0-9_:]*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const SPACES = /[ \t]*/y;
const OPERATOR = /=~|!~|!=|=/y;
const NUMBER = /[+-]?(?:inf(?:inity)?|nan|0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/iy;
const TRAILER = /(?:[ \t]+[+-]?\d+(?:\.\d+)?)?[ \t]*(?:# .*)?$/y;

/** Every sample of the text, in order. Throws MetricsError: half a reading would be a wrong figure. */
export function parseMetrics(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const cursor = createCursor(
      line,
      (what) => new MetricsError(`line ${index + 1}: ${what}: ${line.slice(0, 120)}`),
    );
    cursor.skipBlanks();
    const { name, matchers } = readSeries(cursor);
    if (name === undefined) throw cursor.error("a sample needs a name");
    const labels: Record<string, string> = {};
    for (const { label, operator, value } of matchers) {
      if (operator !== "=") throw cursor.error(`"${operator}" stands where "=" is expected`);
      labels[label] = value;
    }
    cursor.skipBlanks();
    const value = readNumber(cursor.take(NUMBER, "a value is expected"));
    cursor.take(TRAILER, "only a timestamp may follow the value");
    samples.push({ name, labels, value });
  }
  return samples;
}

export interface Matcher {
  label: string;
  operator: string;
  value: string;
}

export interface Selector {
  name: string;
  matches(sample: Sample): boolean;
}

/** `claims_stuck{queue="a",region!="eu",kind=~"x|y"}` as PromQL writes it. Throws MetricsError. */
export function parseSelector(source: string): Selector {
  const cursor = createCursor(source.trim(), (what) => new MetricsError(`${what}: ${source}`));
  const { name, matchers } = readSeries(cursor);
  if (name === undefined) throw cursor.error("a selector needs the metric's name");
  cursor.skipBlanks();
  if (!cursor.atEnd()) throw cursor.error("something stands behind the selector");
  const tests = matchers.map(compileMatcher);
  return { name, matches: (sample) => sample.name === name && tests.every((test) => test(sample.labels)) };
}

/** The sum over all matching samples; undefined when there is none. */
export function sumMatching(samples: readonly Sample[], selector: Selector): number | undefined {
  const matching = samples.filter(selector.matches);
  return matching.length === 0 ? undefined : matching.reduce((sum, { value }) => sum + value, 0);
}

/** A missing label is an empty one, and regular expressions match whole values: both as in PromQL. */
function compileMatcher({ label, operator, value }: Matcher): (labels: Sample["labels"]) => boolean {
  const read = (labels: Sample["labels"]) => (Object.hasOwn(labels, label) ? (labels[label] ?? "") : "");
  if (operator === "=") return (labels) => read(labels) === value;
  if (operator === "!=") return (labels) => read(labels) !== value;
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${value})$`, "su");
  } catch (cause) {
    throw new MetricsError(`"${value}" is no regular expression`, { cause });
  }
  return (labels) => pattern.test(read(labels)) === (operator === "=~");
}

/** `name{l="v",…}` or, for names outside the classic alphabet, `{"name","l"="v"}`. */
function readSeries(cursor: Cursor): { name: string | undefined; matchers: Matcher[] } {
  let name = cursor.tryTake(NAME);
  const matchers: Matcher[] = [];
  cursor.skipBlanks();
  if (!cursor.tryTake(/\{/y)) return { name, matchers };
  for (cursor.skipBlanks(); !cursor.tryTake(/\}/y); cursor.skipBlanks()) {
    const isQuoted = cursor.peek() === '"';
    const label = isQuoted ? readQuoted(cursor) : cursor.take(NAME, "a label's name is expected");
    cursor.skipBlanks();
    const operator = cursor.tryTake(OPERATOR);
    if (operator === undefined) {
      if (!isQuoted || name !== undefined) throw cursor.error(`"=" is expected after the label "${label}"`);
      name = label;
    } else {
      cursor.skipBlanks();
      matchers.push({ label, operator, value: readQuoted(cursor) });
    }
    cursor.skipBlanks();
    if (!cursor.tryTake(/,/y) && cursor.peek() !== "}") throw cursor.error('"," or "}" is expected');
  }
  return { name, matchers };
}

function readQuoted(cursor: Cursor): string {
  const text = cursor.take(QUOTED, "a quoted text is expected");
  return text.slice(1, -1).replace(/\\(.)/gs, (whole, escaped: string) => {
    if (escaped === "n") return "\n";
    return escaped === "\\" || escaped === '"' ? escaped : whole;
  });
}

function readNumber(text: string): number {
  const word = text.toLowerCase();
  if (word.endsWith("nan")) return Number.NaN;
  if (word.includes("inf")) return word.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return word.startsWith("-") ? -Number(text.slice(1)) : Number(text);
}

interface Cursor {
  tryTake(pattern: RegExp): string | undefined;
  take(pattern: RegExp, otherwise: string): string;
  skipBlanks(): void;
  peek(): string | undefined;
  atEnd(): boolean;
  error(what: string): MetricsError;
}

/** Walks a text with sticky patterns. */
function createCursor(text: string, error: (what: string) => MetricsError): Cursor {
  let at = 0;
  const tryTake = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return undefined;
    at = pattern.lastIndex;
    return match[0];
  };
  return {
    tryTake,
    take(pattern, otherwise) {
      const taken = tryTake(pattern);
      if (taken === undefined) throw error(otherwise);
      return taken;
    },
    skipBlanks: () => void tryTake(SPACES),
    peek: () => text[at],
    atEnd: () => at === text.length,
    error,
  };
}
