// Zod's issues as mistakes that a person can act on: what is wrong, what was got, what was perhaps meant.
import type { z } from "zod";
import { lookup, type Path } from "./data-path.ts";
import { delaySchema } from "./delay.ts";
import { durationSchema } from "./duration.ts";
import { knownKeys, schemasAt } from "./schema-walk.ts";
import { suggest } from "./suggest.ts";

type Issue = z.core.$ZodIssue;

export interface IssuesOptions {
  schema: z.core.$ZodType;
  /** The validated value. */
  data: unknown;
  /** Keys that are planned and not understood yet, with what to say: `measures` → "…". */
  notYet?: Readonly<Record<string, string>>;
}

/** One mistake, at a path of the validated value. */
export interface Mistake {
  path: Path;
  message: string;
  hint: string | undefined;
  /** `key`: the key itself is meant, not what it holds. */
  part?: "key";
}

/** Nobody reads more than this, and each costs time to explain. */
const MOST_ISSUES = 200;
const MOST_KEYS = 50;

/** One mistake each, the first two hundred; several unknown keys of one object are several. */
export function explainIssues(issues: readonly Issue[], options: IssuesOptions): Mistake[] {
  const mistakes = issues.slice(0, MOST_ISSUES).flatMap((issue) => toMistakes(issue, [], options));
  // A check of several values together also complains about one that is a mistake by itself.
  const seen = new Set<string>();
  return mistakes.filter(({ path }) => {
    const place = JSON.stringify(path);
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

function toMistakes(issue: Issue, above: Path, options: IssuesOptions): Mistake[] {
  const path = [...above, ...issue.path];
  const { schema, data } = options;
  const input = lookup(data, path);
  const problem = (message: string, hint?: string): Mistake[] => [{ path, message, hint }];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = knownKeys(schema, path, data);
      return issue.keys.slice(0, MOST_KEYS).map((key) => {
        const notYet = options.notYet?.[key];
        const message = notYet ?? `unknown key${known.length > 0 ? `; known here: ${known.join(", ")}` : ""}`;
        const hint =
          notYet === undefined
            ? didYouMean(
                key,
                known.filter((word) => !hasKey(input, word)),
              )
            : undefined;
        return { path: [...path, key], message, hint, part: "key" };
      });
    }
    case "invalid_union": {
      if ("options" in issue && issue.errors.length === 0)
        return problem(...oneOf(issue.options ?? [], input));
      const branches = issue.errors as Issue[][];
      const wrongType = branches.flat().filter((inner) => isForeign(inner, input));
      const fitting = branches
        .filter((branch) => !branch.some((inner) => isForeign(inner, input)))
        .sort(byFit);
      const best = fitting[0];
      if (best) return best.flatMap((inner) => toMistakes(inner, path, options));
      const expected = [...new Set(wrongType.map(expectedOf))].join(" or ");
      return problem(`expected ${expected}, got ${show(input)}`, unitHint(options, path, input));
    }
    case "invalid_type":
      if (input === undefined) return problem(`is missing; expected ${expectedOf(issue)}`);
      return problem(`expected ${expectedOf(issue)}, got ${show(input)}`, unitHint(options, path, input));
    case "invalid_value":
      if (isOwnMessage(issue)) return problem(`${issue.message}, got ${show(input)}`);
      return problem(...oneOf(issue.values, input));
    case "invalid_key":
      return problem(`this key is not allowed: ${issue.issues.map((inner) => inner.message).join(", ")}`);
    case "custom":
      // Checks over a whole object say all there is to say; checks of one value show it.
      return problem(isScalar(input) ? `${issue.message}, got ${show(input)}` : issue.message);
    default:
      return problem(`${lowerFirst(issue.message)}, got ${show(input)}`);
  }
}

/** `did you mean "x"?`, when a known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const nearest = suggest(word, known);
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
}

/** A value as a message quotes it: short, one line. */
function show(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…"` : text;
}

function oneOf(values: readonly unknown[], input: unknown): [message: string, hint?: string] {
  const words = values.map(String);
  const list = words.length === 1 ? words[0] : `one of ${words.join(", ")}`;
  if (input === undefined) return [`is missing; expected ${list}`];
  const hint = typeof input === "string" ? didYouMean(input, words) : undefined;
  return hint === undefined
    ? [`expected ${list}, got ${show(input)}`]
    : [`expected ${list}, got ${show(input)}`, hint];
}

const TYPE_NAMES: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a mapping",
  record: "a mapping",
  array: "a list",
  null: "nothing",
};

function expectedOf(issue: Issue): string {
  if (issue.code === "invalid_type") return TYPE_NAMES[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return issue.values.map(String).join(" or ");
  return lowerFirst(issue.message).replace(/^expected /, "");
}

/** True when a union's branch was never meant: the value is of another type, or another fixed word, altogether. */
function isForeign(issue: Issue, input: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_value") return issue.values.length === 1 || !isScalar(input);
  return issue.code === "invalid_type";
}

/** The branch with the fewest mistakes comes first; unknown keys count most, because they show that another shape was meant. */
function byFit(a: Issue[], b: Issue[]): number {
  const weight = (branch: Issue[]) =>
    branch.reduce((sum, { code }) => sum + (code === "unrecognized_keys" ? 3 : 1), 0);
  return weight(a) - weight(b);
}

function unitHint({ schema, data }: IssuesOptions, path: Path, input: unknown): string | undefined {
  if (typeof input !== "number") return undefined;
  const parent = schemasAt(schema, path.slice(0, -1), lookup(data, path.slice(0, -1)));
  const last = path.at(-1);
  const takesUnit = parent.some((candidate) => {
    const shape = (candidate._zod.def as { shape?: Record<string, z.core.$ZodType> }).shape;
    return last !== undefined && isTimed(shape?.[String(last)]);
  });
  return takesUnit ? `times are written with a unit, such as ${input}s or ${input}ms` : undefined;
}

function isTimed(schema: z.core.$ZodType | undefined): boolean {
  if (schema === undefined) return false;
  if (schema === durationSchema || schema === delaySchema) return true;
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return isTimed(innerType);
}

/** True for an enum with a message of its own. */
function isOwnMessage(issue: Issue): boolean {
  return !issue.message.startsWith("Invalid");
}

function hasKey(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}

function isScalar(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== "object";
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
