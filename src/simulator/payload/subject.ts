// What mutations look at: the payload read as JSON, with the field that carries the outcome.
import type { Payload } from "../pipeline-values.ts";
import { type Field, fieldsOf } from "./document.ts";

export interface Subject {
  document: unknown;
  fields: Field[];
  /** The field that states the outcome, if one does. */
  outcome: Field | undefined;
  /** The transaction's key: a field that carries it is no free text. */
  key: string;
  /** Every outcome that the contract knows. */
  outcomes: readonly string[];
}

/** Undefined when the body is no JSON (any more). */
export function readSubject(
  { body, claims }: Payload,
  { key, outcomes }: Pick<Subject, "key" | "outcomes">,
): Subject | undefined {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return undefined;
  }
  const fields = fieldsOf(document);
  return { document, fields, outcome: findOutcome(fields, claims), key, outcomes };
}

const OUTCOME_NAME = /outcome|result|status|state|decision/i;

/** The field whose value is the outcome; the one that is also named like one when several are. */
function findOutcome(fields: readonly Field[], claims: string | null): Field | undefined {
  const stating = fields.filter(({ value }) => claims !== null && value === claims);
  return stating.find(({ path }) => OUTCOME_NAME.test(path.at(-1) ?? "")) ?? stating[0];
}
