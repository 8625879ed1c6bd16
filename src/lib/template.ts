// Values with `{{ expression }}` inside: a text that is one whole expression keeps its type, otherwise it is interpolated.
import { compileExpression, type Expression, ExpressionError, type Scope } from "./expression.ts";

export interface Template {
  /** Every expression in it, for checks before anything runs. */
  readonly expressions: readonly Expression[];
  /** The rendered value, or a promise when an expression needs JSONata. Throws ExpressionError for an unknown name. */
  render(scope: Scope): unknown;
}

const WHOLE = /^\s*\{\{((?:(?!\}\}).)*)\}\}\s*$/s;
const PART = /\{\{((?:(?!\}\}).)*)\}\}/gs;

/** Compiles any JSON value; texts in it (not keys) may hold expressions. Throws ExpressionError. */
export function compileTemplate(value: unknown): Template {
  if (typeof value === "string") return compileText(value);
  if (Array.isArray(value)) {
    const items = value.map(compileTemplate);
    return combine(items, (rendered) => rendered);
  }
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    const fields = Object.values(value).map(compileTemplate);
    return combine(fields, (rendered) => {
      // Assigned one by one: on the hot path that costs half of Object.fromEntries. `__proto__` would be no own property.
      const made: Record<string, unknown> = {};
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i] ?? "";
        if (key === "__proto__") Object.defineProperty(made, key, { ...PLAIN, value: rendered[i] });
        else made[key] = rendered[i];
      }
      return made;
    });
  }
  return constant(value);
}

function compileText(text: string): Template {
  const whole = WHOLE.exec(text);
  if (whole) {
    const expression = compileExpression(whole[1] ?? "");
    return {
      expressions: [expression],
      render: (scope) => whenReady(expression.evaluate(scope), (value) => known(expression, value)),
    };
  }
  const parts: (string | Expression)[] = [];
  let end = 0;
  for (const match of text.matchAll(PART)) {
    parts.push(text.slice(end, match.index), compileExpression(match[1] ?? ""));
    end = match.index + match[0].length;
  }
  if (parts.length === 0) return constant(text);
  parts.push(text.slice(end));
  const pieces = parts.map(
    (part): Template =>
      typeof part === "string"
        ? constant(part)
        : {
            expressions: [part],
            render: (scope) => whenReady(part.evaluate(scope), (value) => asText(known(part, value))),
          },
  );
  return combine(pieces, (rendered) => rendered.join(""));
}

function constant(value: unknown): Template {
  return { expressions: [], render: () => value };
}

function combine(parts: Template[], join: (rendered: unknown[]) => unknown): Template {
  const expressions = parts.flatMap((part) => part.expressions);
  return {
    expressions,
    render(scope) {
      const rendered: unknown[] = [];
      let isPending = false;
      for (const part of parts) {
        const value = part.render(scope);
        if (isPromise(value)) isPending = true;
        rendered.push(value);
      }
      return isPending ? Promise.all(rendered).then(join) : join(rendered);
    },
  };
}

const PLAIN = { enumerable: true, configurable: true, writable: true };

function known(expression: Expression, value: unknown): unknown {
  if (value !== undefined) return value;
  throw new ExpressionError(
    expression.source,
    `{{ ${expression.source} }} has no value: nothing of that name is known here`,
  );
}

function asText(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}

/** Applies `then` now or when the promise resolves. */
export function whenReady<T>(value: unknown, then: (value: unknown) => T): T | Promise<T> {
  return isPromise(value) ? value.then(then) : then(value);
}
