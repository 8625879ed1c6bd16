// The template of one message of the partner: made from schema and example, tied to the submission, proven to fit.
import { createChecker } from "./checker.ts";
import type { Json } from "./json.ts";
import { settleOptional } from "./optional.ts";
import { findOutcomeField, type OutcomeField } from "./outcome.ts";
import { fieldsOf, type Shape, shapeOf } from "./shape.ts";
import { type Meaning, tie } from "./ties.ts";
import { renderTrial } from "./trial.ts";
import { valueFor } from "./value.ts";

export interface TemplateOptions {
  kind: Meaning["kind"];
  schema: Json;
  example: unknown;
  /** Singular name of what is submitted, in plain form. */
  resource: string;
  keyName: string | undefined;
  idNames: ReadonlySet<string>;
  outcomes: readonly string[];
  sent: Meaning["sent"];
  messageName?: string | undefined;
  /** A request that fits, and an id as the partner gives it out. */
  body: unknown;
  id: string;
}

export interface MadeTemplate {
  json: unknown;
  /** What does not fit the schema after all. */
  misfit: string | undefined;
}

export async function makeTemplate(options: TemplateOptions): Promise<MadeTemplate> {
  const { kind, schema, example, resource, outcomes, body, id } = options;
  const fits = await createChecker(schema);
  const moments = kind === "submit" ? [null] : kind === "callback" ? outcomes : [null, ...outcomes];
  const fields = fieldsOf(schema, { root: schema, united: true }, resource);
  const meaning: Meaning = {
    ...options,
    own: new Set(fields.map(({ path }) => path.join("."))),
    outcome: outcomeIn(options),
  };
  let first: MadeTemplate | undefined;
  const examples = example === undefined ? [undefined] : [example, undefined];
  for (const bare of [false, true])
    for (const united of [false, true])
      for (const given of examples) {
        const made = valueFor({ schema, example: given, united, bare, tie: (field) => tie(field, meaning) });
        const json = settleOptional(made);
        const misfit = await misfitOf(json);
        if (misfit === undefined) return { json, misfit };
        first ??= { json, misfit };
      }
  return first ?? { json: {}, misfit: "nothing could be made" };

  async function misfitOf(json: unknown): Promise<string | undefined> {
    for (const outcome of moments) {
      const trial = await renderTrial(json, { id, outcome, body });
      const wrong = "error" in trial ? trial.error : fits(trial.value);
      if (wrong !== undefined)
        return `${outcome === null ? "before it is decided" : `for ${outcome}`}: ${wrong}`;
    }
    return undefined;
  }
}

/** Where a message states the result, as far as it can say one of these outcomes. */
function outcomeIn({ kind, schema, resource, outcomes }: TemplateOptions): OutcomeField | undefined {
  const found = findOutcomeField(fieldsOf(schema, { root: schema, united: true }, resource));
  if (found === undefined || kind === "callback") return found;
  return !found.isKnown || outcomes.every((outcome) => Object.hasOwn(found.outcomes, outcome))
    ? found
    : undefined;
}

/** The required properties at the top of a request, for what the partner tells back. */
export function sentBy(schema: Json): Map<string, Shape> {
  const options = { root: schema, united: false };
  const { properties, required } = shapeOf(schema, options);
  return new Map(
    Object.entries(properties)
      .filter(([name]) => required.includes(name))
      .map(([name, property]) => [name, shapeOf(property, options)]),
  );
}
