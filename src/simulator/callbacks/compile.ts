// The contract's callback, compiled once: where it goes and what it says are rendered from scopes.
import { compileExpression, type Scope } from "../../lib/expression.ts";
import { headerText } from "../../lib/header-text.ts";
import { compileTemplate, type Template, whenReady } from "../../lib/template.ts";
import { isAddressText } from "../contract/names.ts";
import type { CallbackSettings, StageReport } from "./callbacks.ts";

export interface CompiledCallback {
  /** The address as the submission gives it, unchecked; or a promise of it. */
  target(scope: Scope): unknown;
  /** The payload as a JSON value and the headers; or a promise of them. Throws ExpressionError. */
  render(scope: Scope): Rendered | Promise<Rendered>;
  /** True when an expression calls `$faker` or `$env`. */
  callsFunctions: boolean;
  /** JSON Schema of the payload, if the contract gives one. */
  schema: unknown;
  /** What the payload and the headers read, such as ["submission", "key"]. */
  paths: readonly string[][];
}

/** The callback of each stage by name; what a stage leaves out is as the contract's callback says. */
export function compileStages(
  callback: CallbackSettings,
  stages: readonly StageReport[] = [],
): ReadonlyMap<string, CompiledCallback> {
  return new Map(
    stages.map(({ name, callback: { json = callback.json, headers, schema } = {} }) => [
      name,
      compileCallback({
        ...callback,
        json,
        headers: headers ?? callback.headers,
        schema: schema ?? callback.schema,
      }),
    ]),
  );
}

export interface Rendered {
  json: unknown;
  headers: Record<string, string>;
}

/** Throws ExpressionError for what does not parse (the loader has checked it before). */
export function compileCallback({ to, json, headers, schema }: CallbackSettings): CompiledCallback {
  const payload = compileTemplate(json);
  const extra = headers && compileTemplate(headers);
  const address = isAddressText(to) ? compileTemplate(to) : compileExpression(to);
  const templates: Template[] = extra ? [payload, extra] : [payload];
  const expressions = [
    ...templates.flatMap((template) => template.expressions),
    ...("expressions" in address ? address.expressions : [address]),
  ];
  return {
    target: (scope) => ("render" in address ? address.render(scope) : address.evaluate(scope)),
    render: (scope) =>
      whenReady(payload.render(scope), (value) =>
        extra
          ? whenReady(extra.render(scope), (texts) => ({ json: value, headers: asTexts(texts) }))
          : { json: value, headers: {} },
      ) as Rendered | Promise<Rendered>,
    paths: templates.flatMap((template) => template.expressions.flatMap(({ paths }) => paths)),
    callsFunctions: expressions.some(({ calls }) => calls.length > 0),
    schema,
  };
}

function asTexts(headers: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers as Record<string, unknown>).map(([name, value]) => [
      name.toLowerCase(),
      headerText(value),
    ]),
  );
}
