// The callback of a contract, from a callback of the submission or from a webhook.
import type { Result } from "../../lib/problem.ts";
import type { Assume } from "./assumption.ts";
import type { OpenApiDocument } from "./document.ts";
import { type Json, plainName } from "./json.ts";
import { requestOf } from "./message.ts";
import type { Operation } from "./operations.ts";
import { findOutcomeField, type OutcomeField } from "./outcome.ts";
import { names, toAddress } from "./runtime-expression.ts";
import { fieldsOf } from "./shape.ts";
import { type CallbackAddress, type ImportedSubmit, isAddressName } from "./submit.ts";
import { makeTemplate } from "./template.ts";

export interface ImportedReport {
  contract: Json;
  address: CallbackAddress | undefined;
}

export interface ReportOptions {
  document: OpenApiDocument;
  operation: Operation;
  submit: ImportedSubmit;
  /** The contract's. */
  outcomes: Json;
  assume: Assume;
}

/** Where the payload states the result; undefined when it does not. */
export function reportedBy(
  document: OpenApiDocument,
  operation: Operation,
  resource: string,
): OutcomeField | undefined {
  const message = requestOf(document, operation);
  const schema = message && !("unreadable" in message) ? message.outline : undefined;
  return schema && findOutcomeField(fieldsOf(schema, { root: schema, united: true }, resource));
}

export async function importReport({
  document,
  operation,
  submit,
  outcomes,
  assume,
}: ReportOptions): Promise<Result<ImportedReport>> {
  const refuse = (message: string, hint?: string): Result<ImportedReport> => ({
    ok: false,
    problems: [document.problem(operation.at, message, hint)],
  });
  const target = addressOf(operation, submit, assume);
  if ("unknown" in target) {
    const hint = "say where the results go beside openapi: callback: { to: body.callbackUrl }";
    return refuse(`the runtime expression {${target.unknown}} is not understood`, hint);
  }
  const message = requestOf(document, operation);
  if (message && ("unreadable" in message || message.isForm)) {
    return refuse("is not sent as JSON; a partner here reports JSON");
  }
  if (operation.method !== "post") {
    assume(
      "callback.to",
      target.to,
      `the document says ${operation.method.toUpperCase()}; a partner here reports with POST`,
    );
  }
  const schema = message?.schema;
  const made =
    message?.outline === undefined
      ? {
          json: {
            id: "{{ delivery.id }}",
            reference: "{{ submission.key }}",
            outcome: "{{ submission.outcome }}",
          },
          misfit: undefined,
        }
      : await makeTemplate({
          ...submit,
          kind: "callback",
          messageName: operation.name,
          schema: message.outline,
          example: message.example,
          outcomes: Object.keys(outcomes),
          body: submit.sample.body,
        });
  if (message?.outline === undefined)
    assume("callback.json", made.json, "the document says nothing about the body of the callback");
  else if (made.misfit !== undefined)
    assume(
      "callback.json",
      "see below",
      `does not fit the document's schema ${made.misfit}; write it yourself`,
    );
  else if (!reportedBy(document, operation, submit.resource))
    assume(
      "callback.json",
      "carries no result",
      "no property of the payload looks like one; put {{ submission.outcome }} where it belongs",
    );
  if (!/submission\.(key|id)\b/.test(JSON.stringify(made.json)))
    assume(
      "callback.json",
      "names no submission",
      "neither the reference nor the id stands in the payload, so nobody can tell whose result it is; put {{ submission.key }} or {{ submission.id }} where it belongs",
    );
  const sign = signOf(document, operation, assume);
  const contract: Json = { to: target.to, json: made.json, ...(schema && { schema }), sign };
  return { ok: true, value: { contract, address: target.address } };
}

type Target = { to: string; address: CallbackAddress | undefined } | { unknown: string };

function addressOf({ route, name, at }: Operation, { sample }: ImportedSubmit, assume: Assume): Target {
  if (at.includes("callbacks")) {
    const address = toAddress(route);
    if (address.kind === "unknown") return { unknown: address.expression };
    const { to, hasMore } = address;
    if (address.kind === "told") {
      const { place } = address;
      return { to, address: place && { ...place, hasMore } };
    }
    assume(
      "callback.to",
      to,
      `the document says ${route}, which belongs to somebody: results go to the system itself`,
    );
    return { to, address: { kind: "path", path: address.path, hasMore } };
  }
  const told = Object.keys(typeof sample.body === "object" && sample.body !== null ? sample.body : {}).find(
    isAddressName,
  );
  if (told !== undefined) {
    const to = names("body", [told]);
    assume("callback.to", to, "a webhook has no address in the document; the request names one");
    return { to, address: { kind: "body", path: [told], hasMore: false } };
  }
  const path = `/webhooks/${plainName(name ?? "") === "" ? "partner" : (name ?? "").replaceAll(/[^\w.-]+/g, "-")}`;
  const to = `{{ system.url }}${path}`;
  assume(
    "callback.to",
    to,
    "a webhook has no address in the document: say which path of the system takes it",
  );
  return { to, address: { kind: "path", path, hasMore: false } };
}

const SCHEMES: readonly [header: RegExp, scheme: string][] = [
  [/^webhook-signature$/i, "standard-webhooks"],
  [/^stripe-signature$/i, "stripe"],
  [/^x-hub-signature-256$/i, "github"],
];

function signOf(document: OpenApiDocument, { parameters }: Operation, assume: Assume): Json {
  const headers = parameters
    .filter((one) => document.resolve(one) && one.in === "header")
    .map((one) => String(one.name));
  const scheme = SCHEMES.find(([pattern]) => headers.some((header) => pattern.test(header)))?.[1];
  if (scheme !== undefined) return { scheme };
  const other = headers.find((header) => /signature|hmac/i.test(header));
  const why =
    other === undefined
      ? "the document describes no signature, so nobody can tell a forged result; standard-webhooks, github and stripe can be signed"
      : `how ${other} is made is not described in a form that can be read; standard-webhooks, github and stripe can be signed`;
  assume("callback.sign", { scheme: "none" }, why);
  return { scheme: "none" };
}
