// A text that fits a regular expression: the simple patterns that schemas use, checked before it is believed.

/** Undefined for what is too clever (look-around, back-references). `pick(n)`: a whole number below n. */
export function textFor(pattern: string, pick: (below: number) => number): string | undefined {
  const reader = { rest: pattern };
  const made = alternatives(reader, pick);
  if (made === undefined || reader.rest !== "") return undefined;
  try {
    return new RegExp(pattern, "u").test(made) ? made : undefined;
  } catch {
    return undefined;
  }
}

interface Reader {
  rest: string;
}
type Pick = (below: number) => number;

function alternatives(reader: Reader, pick: Pick): string | undefined {
  const branches = [sequence(reader, pick)];
  while (reader.rest.startsWith("|")) {
    reader.rest = reader.rest.slice(1);
    branches.push(sequence(reader, pick));
  }
  return branches.includes(undefined) ? undefined : branches[pick(branches.length)];
}

function sequence(reader: Reader, pick: Pick): string | undefined {
  let text = "";
  while (reader.rest !== "" && !/^[|)]/.test(reader.rest)) {
    const before = reader.rest;
    const first = atom(reader, pick);
    if (first === undefined || reader.rest === before) return undefined;
    const source = before.slice(0, before.length - reader.rest.length);
    const times = repeats(reader);
    if (times > MOST_REPEATS) return undefined;
    for (let i = 0; i < times; i++) text += i === 0 ? first : (atom({ rest: source }, pick) ?? "");
  }
  return text;
}

const MOST_REPEATS = 1_000;

/** How often a quantifier asks for what stands before it: as rarely as it allows, but some for `+`. */
function repeats(reader: Reader): number {
  const [all = "", low, short] = /^(?:\{(\d+)(?:,\d*)?\}|([*+?]))\??/.exec(reader.rest) ?? [];
  reader.rest = reader.rest.slice(all.length);
  if (low !== undefined) return Number(low);
  return short === "*" || short === "?" ? 0 : short === "+" ? 4 : 1;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const CLASSES: Record<string, string> = { d: DIGITS, w: LOWER + DIGITS, s: " " };

function atom(reader: Reader, pick: Pick): string | undefined {
  const { rest } = reader;
  const take = (length: number, text: string | undefined) => {
    reader.rest = rest.slice(length);
    return text;
  };
  const one = (characters: string) => characters[pick(characters.length)];
  if (/^[\^$]/.test(rest)) return take(1, "");
  if (rest.startsWith("(?:") || /^\((?!\?)/.test(rest)) {
    reader.rest = rest.slice(rest.startsWith("(?:") ? 3 : 1);
    const inner = alternatives(reader, pick);
    if (!reader.rest.startsWith(")")) return undefined;
    reader.rest = reader.rest.slice(1);
    return inner;
  }
  const set = /^\[((?:\\.|[^\]\\^])(?:\\.|[^\]\\])*)\]/.exec(rest);
  if (set) return take(set[0].length, one(charactersOf(set[1] ?? "")));
  const escaped = /^\\(.)/.exec(rest);
  if (escaped)
    return take(
      2,
      /[bB1-9DWSpPuxc]/.test(escaped[1] ?? "")
        ? undefined
        : one(CLASSES[escaped[1] ?? ""] ?? escaped[1] ?? ""),
    );
  if (/^[()[\]{}*+?|]/.test(rest)) return undefined;
  return take(1, rest.startsWith(".") ? one(LOWER) : rest[0]);
}

function charactersOf(set: string): string {
  const named = set.replaceAll(/\\([dws])/g, (_, name: string) => CLASSES[name] ?? "");
  return named.replaceAll(/\\(.)/g, "$1").replaceAll(/(\w)-(\w)/g, (_, from: string, to: string) => {
    const start = from.charCodeAt(0);
    return Array.from({ length: Math.max(to.charCodeAt(0) - start + 1, 1) }, (_, i) =>
      String.fromCharCode(start + i),
    ).join("");
  });
}
