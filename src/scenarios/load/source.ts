// One YAML (or JSON) file in memory: its data, and where in the text each part of it stands.
import { readFile, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { formatPath, type Path } from "../../lib/data-path.ts";
import type { Problem, Result } from "../../lib/problem.ts";
import { duplicateKeys, MAX_ALIASES, tooManyAliases } from "./yaml-limits.ts";

export { formatPath, type Path };

export interface Source {
  /** Absolute path. */
  file: string;
  /** As problems show it: relative to the working directory where it lies below it. */
  name: string;
  data: unknown;
  /** 1-based position of the key or the value at a path; of the nearest thing above it when it does not exist. */
  place(path: Path, part?: "key" | "value"): { line: number; column: number };
}

const MAX_BYTES = 1024 * 1024;
/** Nobody reads more, and a broken file may hold one at every character. */
const MAX_PROBLEMS = 100;

/** Reads and parses; every mistake is a problem: missing, unreadable, too large, not UTF-8, syntax, duplicate keys. */
export async function readSource(
  path: string,
  { maxBytes = MAX_BYTES }: { maxBytes?: number } = {},
): Promise<Result<Source>> {
  const file = resolve(path);
  const name = displayName(file);
  const text = await readText(file, maxBytes);
  return typeof text === "string"
    ? parseSource(text, file)
    : { ok: false, problems: [{ file: name, ...text }] };
}

/** Parses a text as if it stood in `file` (absolute). */
export function parseSource(text: string, file: string): Result<Source> {
  const name = displayName(file);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    strict: true,
    uniqueKeys: false,
  });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const repeated = duplicateKeys(document);
  if (document.errors.length > 0 || repeated.length > 0) {
    // Nested too deeply, the parser reports everything after that as well.
    const tooDeep = document.errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
    const errors = (tooDeep ? [tooDeep] : document.errors).map(({ code, message, pos: [offset] }) => ({
      offset,
      ...explain(code, message, file),
    }));
    const repetitions = tooDeep ? [] : repeated.map((offset) => ({ offset, ...REPEATED_KEY }));
    const problems = [...errors, ...repetitions]
      .sort((a, b) => a.offset - b.offset)
      .slice(0, MAX_PROBLEMS)
      .map(({ offset, ...problem }): Problem => ({ file: name, ...at(offset), ...problem }));
    return { ok: false, problems };
  }
  const flood = tooManyAliases(document);
  if (flood !== undefined) {
    const message = `aliases (*name) cannot be expanded: there are more than ${MAX_ALIASES}`;
    return { ok: false, problems: [{ file: name, ...at(flood), message }] };
  }
  try {
    const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return {
      ok: true,
      value: { file, name, data, place: (path, part) => at(offsetOf(document, path, part)) },
    };
  } catch (cause) {
    // toJS throws for aliases only: too many of them, or one that contains itself.
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `aliases (*name) cannot be expanded: ${reason}`;
    return { ok: false, problems: [{ file: name, ...at(firstAlias(document)), message }] };
  }
}

/** A problem at a place of a source. */
export function problemAt(
  source: Source,
  path: Path,
  message: string,
  more: { hint?: string | undefined; part?: "key" | "value" } = {},
): Problem {
  const shown = formatPath(path);
  return {
    file: source.name,
    ...source.place(path, more.part),
    ...(shown && { path: shown }),
    message,
    ...(more.hint !== undefined && { hint: more.hint }),
  };
}

/** Relative to the working directory for what lies below it, absolute otherwise. */
export function displayName(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? file : path;
}

async function readText(
  file: string,
  maxBytes: number,
): Promise<string | { message: string; hint?: string }> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) {
      return { message: `is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB (${size} bytes)` };
    }
    // A leading byte-order mark is dropped by the decoder.
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    if (cause instanceof TypeError) return { message: "is not UTF-8 text", hint: "save it as UTF-8" };
    switch ((cause as NodeJS.ErrnoException).code) {
      case "ENOENT":
        return { message: "there is no such file" };
      case "EISDIR":
        return { message: "is a folder, not a file" };
      case "EACCES":
      case "EPERM":
        return { message: "may not be read (permission denied)" };
      default:
        return { message: `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}` };
    }
  }
}

/** Offset of the first alias that stands for nothing, else of the first one. */
function firstAlias(document: Document): number {
  let first: number | undefined;
  let unresolved: number | undefined;
  visit(document, {
    Alias(_, alias) {
      first ??= alias.range?.[0];
      if (alias.resolve(document) !== undefined) return undefined;
      unresolved = alias.range?.[0];
      return visit.BREAK;
    },
  });
  return unresolved ?? first ?? 0;
}

const REPEATED_KEY = { message: "the same key stands here twice", hint: "remove or rename one of them" };

function explain(code: string, message: string, file: string): { message: string; hint?: string } {
  const first = message.split("\n", 1)[0] ?? message;
  switch (code) {
    case "TAB_AS_INDENT":
      return { message: "a tab is used as indentation", hint: "YAML is indented with spaces" };
    case "MULTIPLE_DOCS":
      return { message: "the file holds several documents (---)", hint: "one document a file" };
    case "RESOURCE_EXHAUSTION":
      return { message: "is nested too deeply" };
    case "TAG_RESOLVE_FAILED":
    case "BAD_COLLECTION_TYPE":
      return { message: `unsupported YAML tag: ${first}` };
    default: {
      const hint = /nested mappings|implicit map key|implicit keys/i.test(first)
        ? 'put a text that holds ": " or starts with { in quotes'
        : undefined;
      const language = file.endsWith(".json") ? "JSON" : "YAML";
      return { message: `is not valid ${language}: ${first}`, ...(hint && { hint }) };
    }
  }
}

function offsetOf(document: Document, path: Path, part: "key" | "value" = "value"): number {
  let node = resolved(document, document.contents);
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const found = child(document, node, step);
    if (!found) return offset;
    const isLast = depth === path.length - 1;
    const start = found.value?.range?.[0];
    // On the way down keys are remembered: when a later step does not exist, `system:` is the place to look at.
    offset =
      found.key === undefined || (isLast && part === "value") ? (start ?? found.key ?? offset) : found.key;
    node = resolved(document, found.value);
  }
  return offset;
}

function child(
  document: Document,
  node: Node | undefined,
  step: PropertyKey,
): { key?: number; value?: Node } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item && { value: item };
  }
  if (!isMap(node)) return undefined;
  const word = (key: unknown) => String(isScalar(key) ? key.value : key);
  const pair = node.items.find(({ key }) => word(key) === String(step));
  if (pair) {
    const key = (pair.key as Node | null)?.range?.[0];
    return { ...(key !== undefined && { key }), ...(pair.value !== null && { value: pair.value as Node }) };
  }
  for (const { key, value } of node.items) {
    if (!isScalar(key) || key.source !== "<<") continue;
    const merged = resolved(document, value as Node);
    for (const origin of isSeq(merged) ? merged.items : [merged]) {
      const found = child(document, resolved(document, origin as Node), step);
      if (found) return found;
    }
  }
  return undefined;
}

function resolved(document: Document, node: Node | null | undefined): Node | undefined {
  return (isAlias(node) ? node.resolve(document) : node) ?? undefined;
}
