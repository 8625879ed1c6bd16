// The status route of a contract.
import type { Assume } from "./assumption.ts";
import type { OpenApiDocument } from "./document.ts";
import type { Json } from "./json.ts";
import { replyOf } from "./message.ts";
import type { Operation } from "./operations.ts";
import { findOutcomeField } from "./outcome.ts";
import { basePathOf, lastParameter, toRoute } from "./route.ts";
import { fieldsOf } from "./shape.ts";
import type { ImportedSubmit } from "./submit.ts";
import { makeTemplate } from "./template.ts";

export interface ImportedStatus {
  contract: Json;
  /** The results, where the callback has not told them already. */
  outcomes: Json | undefined;
  isKnown: boolean;
}

export interface StatusOptions {
  document: OpenApiDocument;
  operation: Operation;
  submit: ImportedSubmit;
  /** Those that the callback reports. */
  outcomes: Json | undefined;
  assume: Assume;
}

const SILENT = {
  id: "{{ submission.id }}",
  status: "{{ submission.state }}",
  outcome: "{{ submission.outcome }}",
};

/** Undefined for a route that cannot be spoken here. */
export async function importStatus({
  document,
  operation,
  submit,
  outcomes,
  assume,
}: StatusOptions): Promise<ImportedStatus | undefined> {
  const get = toRoute(basePathOf(document), operation, lastParameter(operation));
  const message = replyOf(document, operation);
  if (get === undefined) return undefined;
  const status = message?.status ?? 200;
  if (message?.schema === undefined) {
    assume("status.reply.json", SILENT, "the document says nothing about the body of this reply");
    return { contract: { get, reply: { status, json: SILENT } }, outcomes: undefined, isKnown: false };
  }
  const { schema, example } = message;
  const stated = findOutcomeField(fieldsOf(schema, { root: schema, united: true }, submit.resource));
  const known = outcomes ?? stated?.outcomes ?? { approved: "90%", denied: "10%" };
  const { json, misfit } = await makeTemplate({
    ...submit,
    kind: "status",
    schema,
    example,
    outcomes: Object.keys(known),
    body: submit.sample.body,
  });
  if (misfit !== undefined)
    assume(
      "status.reply.json",
      "see below",
      `does not fit the document's schema ${misfit}; write it yourself`,
    );
  return { contract: { get, reply: { status, json } }, outcomes: known, isKnown: stated?.isKnown ?? false };
}
