// Which operations of a document are the submission, the question for its status, and the report of its result.

import { didYouMean } from "../../lib/issues.ts";
import type { Problem } from "../../lib/problem.ts";
import type { Path } from "../load/source.ts";
import type { OpenApiDocument } from "./document.ts";
import { asMap, asText, type Json, plainName } from "./json.ts";
import { withoutVerb } from "./route.ts";

export interface Operation {
  method: string;
  /** As the document writes it: `/v1/claims/{claimId}`; of a webhook its name, of a callback its expression. */
  route: string;
  id: string | undefined;
  /** Of a callback or webhook: its name. */
  name: string | undefined;
  at: Path;
  value: Json;
  /** Parameters of the operation and of its path, references followed. */
  parameters: Json[];
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

export function operationsOf(document: OpenApiDocument): Operation[] {
  return Object.entries(asMap(document.data.paths)).flatMap(([route, item]) =>
    operationsAt(document, item, { route, at: ["paths", route] }),
  );
}

/** The callbacks that an operation describes. */
export function callbacksOf(document: OpenApiDocument, { value, at }: Operation): Operation[] {
  return Object.entries(asMap(value.callbacks)).flatMap(([name, callback]) =>
    Object.entries(asMap(document.resolve(callback)))
      .filter(([route]) => !route.startsWith("x-"))
      .flatMap(([route, item]) =>
        operationsAt(document, item, { route, name, at: [...at, "callbacks", name, route] }),
      ),
  );
}

/** `webhooks` of 3.1, `x-webhooks` of 3.0. */
export function webhooksOf(document: OpenApiDocument): Operation[] {
  return ["webhooks", "x-webhooks"].flatMap((key) =>
    Object.entries(asMap(document.data[key])).flatMap(([name, item]) =>
      operationsAt(document, item, { route: name, name, at: [key, name] }),
    ),
  );
}

interface Around {
  route: string;
  name?: string;
  at: Path;
}

function operationsAt(document: OpenApiDocument, item: unknown, { route, name, at }: Around): Operation[] {
  const path = asMap(document.resolve(item));
  const listed = (holder: Json) =>
    (Array.isArray(holder.parameters) ? holder.parameters : []).map((one) => asMap(document.resolve(one)));
  return METHODS.filter((method) => path[method] !== undefined).map((method) => {
    const value = asMap(document.resolve(path[method]));
    return {
      method,
      route,
      id: asText(value.operationId),
      name,
      at: [...at, method],
      value,
      parameters: [...listed(path), ...listed(value)],
    };
  });
}

export type Choice = { ok: true; operation: Operation } | { ok: false; problem: Problem };

/** `chosen`: what the user named, an operationId or `POST /path`. */
export function chooseSubmit(document: OpenApiDocument, chosen: string | undefined): Choice {
  const all = operationsOf(document);
  const posts = all.filter(({ method }) => method === "post");
  if (chosen !== undefined) return named(document, posts, chosen, "submit");
  const withCallbacks = posts.filter((post) => callbacksOf(document, post).length > 0);
  const withStatus = posts.filter((post) => statusCandidates(all, post).length > 0);
  const candidates = [withCallbacks, withStatus, posts].find((list) => list.length > 0) ?? [];
  const [only] = candidates;
  if (only && candidates.length === 1) return { ok: true, operation: only };
  if (!only) {
    const message = "has no POST operation, so nothing can be submitted to this partner";
    return { ok: false, problem: document.problem(["paths"], message) };
  }
  const message = `several operations may be the submission: ${candidates.slice(0, 12).map(label).join(", ")}${candidates.length > 12 ? ", …" : ""}`;
  const hint = `choose one: partner: { openapi: …, submit: ${only.id ?? `"${label(only)}"`} }, or init --submit`;
  return { ok: false, problem: document.problem(["paths"], message, hint) };
}

/** The GET that tells about one submission: the same path and one parameter more, or the only one of that resource. */
export function chooseStatus(
  document: OpenApiDocument,
  submit: Operation,
  chosen: string | undefined,
): Choice | undefined {
  const all = operationsOf(document);
  if (chosen !== undefined) {
    const gets = all.filter(({ method, route }) => method === "get" && route.includes("{"));
    return named(document, gets, chosen, "status");
  }
  const [found] = statusCandidates(all, submit);
  return found && { ok: true, operation: found };
}

function statusCandidates(all: readonly Operation[], submit: Operation): Operation[] {
  const collection = withoutVerb(submit.route).replace(/\/$/, "");
  return all.filter(
    ({ method, route }) =>
      method === "get" &&
      route.startsWith(`${collection}/`) &&
      /^\/\{[^/{}]+\}(?:\/status)?$/.test(route.slice(collection.length)),
  );
}

/** Callbacks of the submission first, webhooks after them; of several the one that looks most like a result. */
export function chooseReport(
  document: OpenApiDocument,
  submit: Operation,
  chosen: string | undefined,
): { choice: Choice; others: Operation[] } | undefined {
  const callbacks = callbacksOf(document, submit);
  const webhooks = webhooksOf(document);
  if (chosen !== undefined) {
    return { choice: named(document, [...callbacks, ...webhooks], chosen, "callback"), others: [] };
  }
  const pool = callbacks.length > 0 ? callbacks : webhooks;
  const resource = plainName(
    withoutVerb(submit.route)
      .split("/")
      .findLast((part) => /^\w/.test(part)) ?? "",
  ).replace(/s$/, "");
  const points = ({ name = "", route, id = "" }: Operation) => {
    const text = plainName(`${name} ${id} ${callbacks.length > 0 ? "" : route}`);
    const isResult = /result|settled|complet|decid|outcome|finish|processed|status|updated|succe|approv/.test(
      text,
    );
    return (isResult ? 2 : 0) + (resource !== "" && text.includes(resource) ? 3 : 0);
  };
  const [best, ...others] = pool.toSorted((a, b) => points(b) - points(a));
  return best && { choice: { ok: true, operation: best }, others };
}

export function label({ method, route, id, name }: Operation): string {
  return id ?? name ?? `${method.toUpperCase()} ${route}`;
}

function named(document: OpenApiDocument, pool: readonly Operation[], chosen: string, what: string): Choice {
  const fits = (operation: Operation) =>
    [
      operation.id,
      operation.name,
      `${operation.method.toUpperCase()} ${operation.route}`,
      operation.route,
    ].includes(chosen);
  const operation = pool.find(fits);
  if (operation) return { ok: true, operation };
  const known = pool.map(label);
  const hint = didYouMean(chosen, known) ?? `known: ${known.slice(0, 12).join(", ") || "none"}`;
  const message = `has no operation "${chosen}" that could be the ${what}`;
  return { ok: false, problem: document.problem([], message, hint) };
}
