// The front door: raw node:http, because wire faults need the socket and a framework costs half of the budget.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { BadCertificate } from "../faults/fault.ts";
import type { CompiledContract } from "../pipeline/compile.ts";
import type { Answer, Desk, Request } from "../pipeline/exchange.ts";
import { problemReply } from "../pipeline/problem-details.ts";
import { type Params, pathOf, queryOf } from "../pipeline/routes.ts";
import type { Reply } from "../pipeline-values.ts";
import type { Performer } from "./perform.ts";
import { readBody } from "./read-body.ts";

export interface FrontDoorOptions {
  compiled: Pick<CompiledContract, "submitRoute" | "statusRoute" | "tokenRoute">;
  performer: Performer;
  submit: Desk;
  status: Desk;
  /** Where tokens are handed out, if they are. */
  token?: Desk | undefined;
  /** What is wrong with the certificate that connections met when they were opened; absent for a partner without https. */
  badCertificate?: () => BadCertificate | undefined;
}

export const BODY_LIMIT_BYTES = 1_048_576;
const EMPTY = Buffer.alloc(0);

export function createFrontDoor({
  compiled,
  performer,
  submit,
  status,
  token,
  badCertificate,
}: FrontDoorOptions): RequestListener {
  const { submitRoute, statusRoute, tokenRoute } = compiled;

  return (request, response) => {
    const path = pathOf(request.url ?? "");
    const { method } = request;
    const submitted = submitRoute(path);
    if (submitted && method === "POST") {
      receive(submit, submitted, request, response);
      return;
    }
    const granted = token && tokenRoute?.(path);
    if (token && granted && method === "POST") {
      receive(token, granted, request, response);
      return;
    }
    request.resume();
    const asked = statusRoute?.(path);
    if (asked && method === "GET") {
      attend(status, { params: asked, headers: request.headers, body: EMPTY }, request, response);
      return;
    }
    const allowed = [...(submitted || granted ? ["POST"] : []), ...(asked ? ["GET"] : [])];
    refuse(
      allowed.length > 0 ? wrongMethod(allowed) : problemReply(404, "There is nothing here."),
      request,
      response,
    );
  };

  function receive(desk: Desk, params: Params, request: IncomingMessage, response: ServerResponse): void {
    readBody(request, BODY_LIMIT_BYTES, (body) => {
      const { headers, url = "" } = request;
      if (body.ok)
        attend(desk, { params, headers, body: body.bytes, query: queryOf(url) }, request, response);
      else refuse(problemReply(413, `The body is larger than ${BODY_LIMIT_BYTES} bytes.`), request, response);
    });
  }

  function attend(desk: Desk, asked: Request, request: IncomingMessage, response: ServerResponse): void {
    const bad = badCertificate?.();
    if (bad !== undefined) asked.badCertificate = bad;
    const answer = desk(asked);
    if (answer instanceof Promise) {
      void answer.then((ready) => performer.perform(ready, request, response));
    } else {
      performer.perform(answer, request, response);
    }
  }

  function refuse(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
    const answer: Answer = { reply };
    performer.perform(answer, request, response);
  }
}

function wrongMethod(allowed: readonly string[]): Reply {
  const reply = problemReply(405, `Use ${allowed.join(" or ")} here.`);
  return { ...reply, headers: { ...reply.headers, allow: allowed.join(", ") } };
}
