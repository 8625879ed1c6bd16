// The status route of a contract.
import type { Assume } from "./assumption.ts";
import type { OpenApiDocument } from "./document.ts";
import type { Json } from "./json.ts";
import { replyOf } from "./message.ts";
import type { Operation } from "./operations.ts";
import { findOutcomeField, type OutcomeField } from "./outcome.ts";
import { basePathOf, lastParameter, toRoute } from "./route.ts";
import { fieldsOf } from "./shape.ts";
import type { ImportedSubmit } from "./submit.ts";
import { makeTemplate } from "./template.ts";

export interface StatusOptions {
  document: OpenApiDocument;
  operation: Operation;
  submit: ImportedSubmit;
  /** The contract's. */
  outcomes: Json;
  assume: Assume;
}

const SILENT = {
  id: "{{ submission.id }}",
  status: "{{ submission.state }}",
  outcome: "{{ submission.outcome }}",
};

/** Where the reply states the result; undefined when it does not. */
export function statedBy(
  document: OpenApiDocument,
  operation: Operation,
  resource: string,
): OutcomeField | undefined {
  const schema = replyOf(document, operation)?.outline;
  return schema && findOutcomeField(fieldsOf(schema, { root: schema, united: true }, resource));
}

/** Undefined for a route that cannot be spoken here. */
export async function importStatus({
  document,
  operation,
  submit,
  outcomes,
  assume,
}: StatusOptions): Promise<Json | undefined> {
  const get = toRoute(basePathOf(document), operation, lastParameter(operation));
  const message = replyOf(document, operation);
  if (get === undefined) return undefined;
  const status = message?.status ?? 200;
  if (message?.outline === undefined) {
    assume("status.reply.json", SILENT, "the document says nothing about the body of this reply");
    return { get, reply: { status, json: SILENT } };
  }
  const { outline: schema, example } = message;
  const { json, misfit } = await makeTemplate({
    ...submit,
    kind: "status",
    schema,
    example,
    outcomes: Object.keys(outcomes),
    body: submit.sample.body,
  });
  if (misfit !== undefined)
    assume(
      "status.reply.json",
      "see below",
      `does not fit the document's schema ${misfit}; write it yourself`,
    );
  return { get, reply: { status, json } };
}
