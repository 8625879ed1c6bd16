// Checks templates and expressions before anything runs: they parse, and every name and function in them exists.
import { isFakerPath } from "../../lib/business-data.ts";
import { compileExpression, type Expression, ExpressionError } from "../../lib/expression.ts";
import type { Problem } from "../../lib/problem.ts";
import { compileTemplate } from "../../lib/template.ts";
import { didYouMean } from "./issues.ts";
import { JSONATA_FUNCTIONS } from "./jsonata-functions.ts";
import { type Path, problemAt, type Source } from "./source.ts";

/** Which names exist: `true` = a value with anything below it, an object = exactly these below it. */
export type Names = { readonly [name: string]: true | Names };

/** Where something stands, and what it may refer to. */
export interface Place {
  source: Source;
  path: Path;
  names: Names;
}

/** Problems of a value whose texts may hold `{{ }}`, each at its own text. */
export function checkTemplate(value: unknown, place: Place): Problem[] {
  if (typeof value === "string") return checkText(value, place);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    checkTemplate(item, { ...place, path: [...place.path, Array.isArray(value) ? Number(key) : key] }),
  );
}

/** Problems of a plain expression (no braces). */
export function checkExpression(text: string, place: Place): Problem[] {
  if (/^\s*\{\{.*\}\}\s*$/s.test(text)) {
    const hint = `write ${text.trim().slice(2, -2).trim()}`;
    return [problemAt(place.source, place.path, "an expression stands here without {{ }}", { hint })];
  }
  return attempt(() => [compileExpression(text)], place);
}

function checkText(text: string, place: Place): Problem[] {
  const outside = text.replaceAll(/\{\{((?:(?!\}\}).)*)\}\}/gs, "");
  const open = outside.includes("{{") ? "{{ is never closed by }}" : undefined;
  if (open) return [problemAt(place.source, place.path, open)];
  return attempt(() => compileTemplate(text).expressions, place);
}

function attempt(compile: () => readonly Expression[], place: Place): Problem[] {
  try {
    return compile().flatMap((expression) => [
      ...expression.paths.flatMap((path) => checkName(path, expression, place)),
      ...checkCalls(expression, place),
    ]);
  } catch (cause) {
    if (cause instanceof ExpressionError)
      return [problemAt(place.source, place.path, `{{ ${cause.source} }} ${cause.message}`)];
    throw cause;
  }
}

function checkName(
  path: readonly string[],
  expression: Expression,
  { source, path: at, names }: Place,
): Problem[] {
  let known: true | Names = names;
  for (const [depth, name] of path.entries()) {
    if (known === true) return [];
    const next: true | Names | undefined = Object.hasOwn(known, name) ? known[name] : undefined;
    if (next === undefined) {
      const above = path.slice(0, depth).join(".");
      const words = Object.keys(known);
      const list =
        words.length > 0 ? words.map((word) => (above ? `${above}.${word}` : word)).join(", ") : "nothing";
      const message = `unknown name "${path.slice(0, depth + 1).join(".")}" in {{ ${expression.source} }}; known here: ${list}`;
      return [problemAt(source, at, message, { hint: didYouMean(name, words) })];
    }
    known = next;
  }
  return [];
}

function checkCalls(expression: Expression, { source, path }: Place): Problem[] {
  // `$half := function($n){ $n / 2 }` names a function of the expression's own.
  const own = [...expression.source.matchAll(/\$(\w+)\s*:=/g)].map((match) => match[1]);
  return expression.calls.flatMap(({ name, literals, arity }) => {
    const problem = (message: string, hint?: string) => [problemAt(source, path, message, { hint })];
    const [first] = literals;
    if (name === "faker") {
      if (first === undefined || isFakerPath(first)) return [];
      return problem(
        `$faker('${first}'): faker has no such generator`,
        "they are listed at https://fakerjs.dev/api",
      );
    }
    if (name === "env") {
      if (first === undefined || arity > 1 || process.env[first] !== undefined) return [];
      return problem(
        `$env('${first}'): the variable is not set`,
        `set it, or give a default: $env('${first}', '')`,
      );
    }
    if (JSONATA_FUNCTIONS.has(name) || own.includes(name)) return [];
    return problem(`there is no function $${name}`, didYouMean(name, ["faker", "env", ...JSONATA_FUNCTIONS]));
  });
}
