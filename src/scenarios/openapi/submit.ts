// The submission of a contract: route, request, the caller's reference, idempotency and the reply.
import type { Result } from "../../lib/problem.ts";
import type { Assume } from "./assumption.ts";
import { type Check, createChecker, ENDLESS } from "./checker.ts";
import type { OpenApiDocument } from "./document.ts";
import { idsFor } from "./ids.ts";
import { asList, type Json, plainName } from "./json.ts";
import { type FoundKey, findKey, headerKey, idempotencyHeader, placeOfKey } from "./key.ts";
import { type Message, replyOf, requestOf } from "./message.ts";
import type { Operation } from "./operations.ts";
import { basePathOf, lastParameter, resourceOf, toRoute } from "./route.ts";
import type { RequestPart } from "./runtime-expression.ts";
import { fieldsOf, type Shape } from "./shape.ts";
import { makeTemplate, sentBy } from "./template.ts";
import { renderTrial } from "./trial.ts";
import { valueFor } from "./value.ts";

/** A request that the partner takes, and where the parts stand that change from one to the next. */
export interface Sample {
  body: unknown;
  isForm: boolean;
  key: FoundKey["place"] | undefined;
  /** Where the partner is told the address of the webhook; undefined: it never calls back. */
  callback: CallbackAddress | undefined;
}

/** `path`: a fixed path of the system. `hasMore`: the partner puts something behind it. */
export type CallbackAddress = (RequestPart | { kind: "path"; path: string }) & { hasMore: boolean };

/** What every later message is made with. */
export interface ImportedSubmit {
  contract: Json;
  sample: Omit<Sample, "callback">;
  resource: string;
  keyName: string | undefined;
  idNames: ReadonlySet<string>;
  sent: Map<string, Shape>;
  /** An id as the partner gives it out. */
  id: string;
}

export interface SubmitOptions {
  document: OpenApiDocument;
  operation: Operation;
  statusOperation: Operation | undefined;
  /** The user's own expression. */
  key: string | undefined;
  assume: Assume;
}

const ANYTHING: Message = { schema: undefined, outline: undefined, example: undefined, isForm: false };
/** Where callbacks go in samples; nobody listens there. */
const SAMPLE_URL = "http://127.0.0.1:9/webhooks/partner";

export async function importSubmit(options: SubmitOptions): Promise<Result<ImportedSubmit>> {
  const { document, operation, assume } = options;
  const refuse = (message: string, hint?: string): Result<ImportedSubmit> => ({
    ok: false,
    problems: [document.problem(operation.at, message, hint)],
  });
  const post = toRoute(basePathOf(document), operation);
  if (post === undefined)
    return refuse(`the path ${operation.route} holds a parameter inside a segment, which is not understood`);
  const request = requestOf(document, operation) ?? ANYTHING;
  if ("unreadable" in request) {
    return refuse(`takes only ${request.unreadable.join(", ")}; a partner here takes JSON and forms`);
  }
  const outline = request.outline ?? {};
  const fits = await createChecker(request.schema ?? {});
  const body = await sampleBody(request, fits);
  if (fits(body) === ENDLESS) return refuse(`cannot be submitted to: ${ENDLESS}`);
  if (fits(body) !== undefined) {
    assume(
      "submit.schema",
      "as in the document",
      `no example request that fits it could be made: ${fits(body)}`,
    );
  }
  const fields = fieldsOf(outline, { root: outline, united: false }, resourceOf(operation));
  const idempotency = idempotencyHeader(document, operation);
  const given =
    options.key === undefined ? undefined : { expression: options.key, place: placeOfKey(options.key) };
  const key =
    given ??
    findKey(fields, { sample: body, fits, header: idempotency?.header }) ??
    headerKey("x-transaction-key");
  if (!given) assumeKey(key as FoundKey, assume);
  const keyName = key.place?.kind === "body" ? plainName(key.place.path.at(-1) ?? "") : undefined;
  const common = {
    resource: resourceOf(operation),
    keyName,
    idNames: idNamesOf(options),
    sent: sentBy(request.schema ?? {}),
  };
  const { ids, id, reply } = await importReply(options, { ...common, body });
  if (ids !== undefined) assume("submit.ids", ids, "so that ids fit what the document says about them");
  const contract: Json = {
    post,
    ...(request.schema && { schema: request.schema }),
    key: key.expression,
    ...(idempotency && {
      idempotency: { header: idempotency.header, ...(!idempotency.isRequired && { required: false }) },
    }),
    ...(ids !== undefined && { ids }),
    reply,
  };
  return {
    ok: true,
    value: { ...common, contract, id, sample: { body, isForm: request.isForm, key: key.place } },
  };
}

function assumeKey({ expression, place }: FoundKey, assume: Assume): void {
  const why =
    place.kind === "body"
      ? "its name says so; it must be the system's own name of the transaction"
      : "no property of the request can be the caller's reference, so this header has to be";
  assume("submit.key", expression, why);
}

/** From the example where it fits, from the schema otherwise, and from what it requires where that is all that can be made. */
async function sampleBody({ outline, example }: Message, fits: Check): Promise<unknown> {
  const makeOne = async (given: unknown, bare: boolean) => {
    const made = valueFor({
      schema: outline ?? {},
      example: given,
      bare,
      tie: ({ path, shape }) => (isAddress(path, shape.types) ? SAMPLE_URL : undefined),
    });
    const trial = await renderTrial(made, { id: "sub_a1b2c30001", outcome: null, body: {} });
    return "error" in trial ? made : trial.value;
  };
  const whole = [
    ...(example === undefined ? [] : [await makeOne(example, false)]),
    await makeOne(undefined, false),
  ];
  const bare = [await makeOne(example, true), await makeOne(undefined, true)];
  return [...whole, ...bare].find((body) => fits(body) === undefined) ?? whole.at(-1);
}

function isAddress(path: readonly string[], types: readonly string[]): boolean {
  return types.includes("string") && isAddressName(path.at(-1) ?? "");
}

/** Names under which callers tell where they want to be called. */
export function isAddressName(name: string): boolean {
  return /^(callback|webhook|notification|notify|hook|result|status|reply|listener)(s|back|target)?(url|uri|address|endpoint)$/.test(
    plainName(name),
  );
}

function idNamesOf({ operation, statusOperation }: SubmitOptions): Set<string> {
  const resource = resourceOf(operation);
  const parameter = statusOperation && lastParameter(statusOperation);
  return new Set(["id", `${resource}id`, ...(parameter === undefined ? [] : [plainName(parameter)])]);
}

interface ReplyContext extends Pick<ImportedSubmit, "resource" | "keyName" | "idNames" | "sent"> {
  body: unknown;
}

async function importReply(
  { document, operation, statusOperation, assume }: SubmitOptions,
  context: ReplyContext,
): Promise<{ ids: string | undefined; id: string; reply: Json }> {
  const message = replyOf(document, operation);
  const asked = statusOperation && replyOf(document, statusOperation)?.outline;
  const ids = await idsOf(message?.outline ?? asked, context);
  const id = SAMPLE_IDS[ids ?? ""] ?? `${ids ?? "sub_"}a1b2c30001`;
  const status = message === undefined || message.status === 204 ? 202 : message.status;
  const location =
    message?.headers.includes("location") && statusOperation
      ? toRoute(basePathOf(document), statusOperation, lastParameter(statusOperation))
      : undefined;
  const headers =
    location === undefined || /:(?!id\b)/.test(location)
      ? {}
      : { headers: { location: location.replace(":id", "{{ submission.id }}") } };
  if (message?.outline === undefined) {
    const json = { id: "{{ submission.id }}", status: "accepted" };
    assume("submit.reply.json", json, "the document says nothing about the body of this reply");
    return { ids, id, reply: { status, ...headers, json } };
  }
  const { json, misfit } = await makeTemplate({
    ...context,
    kind: "submit",
    schema: message.outline,
    example: message.example,
    outcomes: [],
    id,
  });
  if (misfit !== undefined)
    assume(
      "submit.reply.json",
      "see below",
      `does not fit the document's schema ${misfit}; write it yourself`,
    );
  return { ids, id, reply: { status, ...headers, json } };
}

const SAMPLE_IDS: Record<string, string> = { uuid: "3f2b8c1e-5d4a-4f6b-9c7d-1a2b3c4d5e6f", number: "1000" };

/** What the document says about the id in the reply. */
async function idsOf(
  schema: Json | undefined,
  { resource, idNames }: ReplyContext,
): Promise<string | undefined> {
  if (schema === undefined) return undefined;
  const options = { root: schema, united: false };
  const field = fieldsOf(schema, options, resource).find(
    ({ path, shape }) => idNames.has(plainName(path.at(-1) ?? "")) && !shape.types.includes("object"),
  );
  if (!field) return undefined;
  const { types, keywords } = field.shape;
  const fits = await createChecker({ ...keywords, ...(types.length > 0 && { type: types }) });
  return idsFor(fits, { types, example: asList(keywords.examples)[0], pattern: keywords.pattern });
}
