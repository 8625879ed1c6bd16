// One expression language for every file: JSONata. Plain paths (`body.id`) compile to own-property reads, because
// an asynchronous evaluation costs tens of microseconds and the partner renders replies on its hot path.
import { createRequire } from "node:module";
import type jsonata from "jsonata";

// Loaded for the first expression that is more than a plain path: many contracts have none.
const load = createRequire(import.meta.url);

/** What an expression may see: names, and functions called as `$name(…)`. */
export interface Scope {
  values: Readonly<Record<string, unknown>>;
  functions?: Readonly<Record<string, (...args: never[]) => unknown>>;
}

export interface Expression {
  readonly source: string;
  /** Top-level paths that are read, such as [["body", "id"]]; what a filter reads inside is not listed. */
  readonly paths: readonly string[][];
  /** Functions called with their literal text arguments, such as { name: "env", literals: ["HOME"], arity: 1 }. */
  readonly calls: readonly Call[];
  /** The value, or a promise of it when JSONata is needed; undefined when a name on the way is missing. */
  evaluate(scope: Scope): unknown;
}

export interface Call {
  name: string;
  literals: string[];
  arity: number;
}

/** Thrown for an expression that does not parse or that fails when evaluated; the message is for the user. */
export class ExpressionError extends Error {
  readonly source: string;
  constructor(source: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ExpressionError";
    this.source = source;
  }
}

const PLAIN_PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const RESERVED = new Set(["and", "or", "in", "true", "false", "null"]);
/** JSONata's own brakes: milliseconds for one evaluation, and depth of its stack. */
const LIMITS = { timeout: 1_000, stack: 500 };

/** Throws ExpressionError when the source does not parse. */
export function compileExpression(source: string): Expression {
  const text = source.trim();
  const names = text.split(".");
  const isPlain = PLAIN_PATH.test(text) && !names.some((name) => RESERVED.has(name));
  return isPlain ? plainPath(text, names) : jsonataExpression(text);
}

function plainPath(source: string, names: string[]): Expression {
  let slow: Expression | undefined;
  return {
    source,
    paths: [names],
    calls: [],
    evaluate(scope) {
      let value: unknown = scope.values;
      for (const name of names) {
        if (Array.isArray(value)) {
          // JSONata maps a path over arrays; leave that to it.
          slow ??= jsonataExpression(source);
          return slow.evaluate(scope);
        }
        if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
        value = (value as Record<string, unknown>)[name];
      }
      return value;
    },
  };
}

function jsonataExpression(source: string): Expression {
  let compiled: jsonata.Expression;
  try {
    compiled = (load("jsonata") as typeof jsonata)(source, LIMITS);
  } catch (cause) {
    throw new ExpressionError(source, `does not parse as JSONata: ${messageOf(cause)}`, { cause });
  }
  const paths: string[][] = [];
  const calls: Call[] = [];
  inspect(compiled.ast(), paths, calls);
  return {
    source,
    paths,
    calls,
    async evaluate(scope) {
      try {
        return plainData(source, await compiled.evaluate(scope.values, scope.functions));
      } catch (cause) {
        if (cause instanceof ExpressionError) throw cause;
        throw new ExpressionError(source, `{{ ${source} }} failed: ${messageOf(cause)}`, { cause });
      }
    },
  };
}

/** JSONata marks its result sequences with hidden properties; callers get ordinary arrays. A function is no data. */
function plainData(source: string, value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, (item) => plainData(source, item));
  if (isFunction(value))
    throw new ExpressionError(source, `{{ ${source} }} yields a function, which is no data`);
  if (typeof value === "object" && value !== null)
    for (const child of Object.values(value)) plainData(source, child);
  return value;
}

function isFunction(value: unknown): boolean {
  return (
    typeof value === "function" ||
    (typeof value === "object" &&
      value !== null &&
      ("_jsonata_function" in value || "_jsonata_lambda" in value))
  );
}

/** Collects the top-level paths and the calls of a syntax tree; what lies inside filters and lambdas has its own context. */
function inspect(node: unknown, paths: string[][], calls: Call[]): void {
  if (Array.isArray(node)) {
    for (const item of node) inspect(item, paths, calls);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const { type, steps, value, procedure, ...rest } = node as Record<string, unknown> & {
    steps?: { type: string; value?: unknown }[];
    procedure?: { value?: unknown };
    arguments?: { type: string; value?: unknown }[];
  };
  if (type === "lambda") return;
  if (type === "path" && steps) {
    const end = steps.findIndex((step) => step.type !== "name");
    const names = (end === -1 ? steps : steps.slice(0, end)).map((step) => String(step.value));
    if (names.length > 0) paths.push(names);
    else inspect(steps[0], paths, calls);
    return;
  }
  if (type === "function" && typeof procedure?.value === "string") {
    const args = (rest.arguments ?? []) as { type: string; value?: unknown }[];
    const literals = args.filter((arg) => arg.type === "string").map((arg) => String(arg.value));
    calls.push({ name: procedure.value, literals, arity: args.length });
  }
  if (type === "name" && typeof value === "string") paths.push([value]);
  for (const child of Object.values(rest)) inspect(child, paths, calls);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error || (typeof cause === "object" && cause !== null && "message" in cause)
    ? String((cause as { message: unknown }).message)
    : String(cause);
}
