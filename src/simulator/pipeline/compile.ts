// The contract compiled once: routes, expressions, templates and schema, ready for the hot path.
import type { Clock } from "../../lib/clock.ts";
import { compileExpression, type Expression, ExpressionError, type Scope } from "../../lib/expression.ts";
import { headerText } from "../../lib/header-text.ts";
import { compileTemplate, whenReady } from "../../lib/template.ts";
import type { Contract } from "../contract/contract.ts";
import { type AccessTokens, createAccessTokens } from "../credentials/access-tokens.ts";
import type { Reply } from "../pipeline-values.ts";
import { createDoorkeeper, type Doorkeeper } from "./authenticate.ts";
import { problemReply } from "./problem-details.ts";
import { compileRoute, type Route } from "./routes.ts";
import { createValidate, type Validate } from "./validate.ts";

/** Names that a template sees; `subject` (the key) is what generated data depends on. */
export type RenderReply = (values: Scope["values"], subject: string) => Reply | Promise<Reply>;

export interface CompiledContract {
  submitRoute: Route;
  /** Undefined: this partner cannot be asked. */
  statusRoute: Route | undefined;
  /** Undefined: tokens are not asked for. */
  tokenRoute: Route | undefined;
  /** Of the oauth2 scheme. */
  tokens: AccessTokens | undefined;
  doorkeeper: Doorkeeper;
  validate: Validate;
  key: Expression;
  /** Lower case; undefined: no keys are kept. */
  idempotencyHeader: string | undefined;
  /** False: a request without an idempotency key is taken as well. */
  demandsIdempotency: boolean;
  /** True when headers or query of a submission say where its result goes. */
  keepsRequest: boolean;
  renderSubmitReply: RenderReply;
  renderStatusReply: RenderReply;
}

/** Throws ExpressionError for what does not parse (the loader has checked it before). */
export async function compileContract(
  contract: Contract,
  seed: string,
  clock: Clock,
): Promise<CompiledContract> {
  const { submit, status, auth } = contract;
  const oauth2 = auth && "oauth2" in auth ? auth.oauth2 : undefined;
  const tokens =
    oauth2 &&
    createAccessTokens({ clock, seed, clientSecret: oauth2.clientSecret, lifetimeMs: oauth2.expiresIn });
  return {
    submitRoute: compileRoute(submit.post),
    statusRoute: status && compileRoute(status.get),
    tokenRoute: oauth2 && compileRoute(oauth2.tokenPath),
    tokens,
    doorkeeper: createDoorkeeper(contract, tokens),
    validate: await createValidate(submit.schema),
    key: compileExpression(submit.key),
    idempotencyHeader: submit.idempotency === "none" ? undefined : submit.idempotency.header.toLowerCase(),
    demandsIdempotency: submit.idempotency !== "none" && submit.idempotency.required !== false,
    keepsRequest: /\b(?:headers|query)\b/.test(contract.callback?.to ?? ""),
    renderSubmitReply: await compileReply(submit.reply, seed),
    renderStatusReply: await compileReply(status?.reply ?? submit.reply, seed),
  };
}

async function compileReply(reply: Contract["submit"]["reply"], seed: string): Promise<RenderReply> {
  const body = compileTemplate(reply.json);
  const headers = reply.headers && compileTemplate(reply.headers);
  const expressions = [...body.expressions, ...(headers?.expressions ?? [])];
  // Loads faker, so only when a template calls a function.
  const functionsFor = expressions.some(({ calls }) => calls.length > 0)
    ? (await import("../../lib/business-data.ts")).dataFunctions
    : undefined;
  const { status } = reply;
  return (values, subject) => {
    const scope = functionsFor
      ? { values, functions: functionsFor(seed, `reply to ${subject}`) }
      : { values };
    return whenReady(body.render(scope), (json) => {
      if (!headers) return jsonReply(status, json, PLAIN_JSON);
      return whenReady(headers.render(scope), (more) =>
        jsonReply(status, json, headersWith(more as Record<string, unknown>)),
      );
    }) as Reply | Promise<Reply>;
  };
}

/** Shared by all replies: with a hundred thousand of them remembered for their keys, each object counts. */
const PLAIN_JSON: Record<string, string> = Object.freeze({ "content-type": "application/json" });

function headersWith(more: Record<string, unknown>): Record<string, string> {
  const headers = { ...PLAIN_JSON };
  for (const [name, value] of Object.entries(more)) headers[name.toLowerCase()] = headerText(value);
  return headers;
}

function jsonReply(status: number, json: unknown, headers: Record<string, string>): Reply {
  return { status, headers, body: JSON.stringify(json), delayMs: 0, ending: "complete" };
}

/** Renders; a template that fails for this request is the partner's mistake, and the reply says so (500). */
export function renderSafely(
  render: RenderReply,
  values: Scope["values"],
  subject: string,
): Reply | Promise<Reply> {
  try {
    const rendered = render(values, subject);
    return rendered instanceof Promise ? rendered.catch(unrenderable) : rendered;
  } catch (cause) {
    return unrenderable(cause);
  }
}

function unrenderable(cause: unknown): Reply {
  if (!(cause instanceof ExpressionError)) throw cause;
  return problemReply(500, `The contract's reply cannot be rendered: ${cause.message}`);
}
