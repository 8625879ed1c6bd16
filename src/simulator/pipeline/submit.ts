// The submit desk: from a request to an answer, through connection, authentication, validation, acceptance and reply.
import { hash } from "node:crypto";
import type { SubmitEffect } from "../../history/event.ts";
import type { HistoryLog } from "../../history/history.ts";
import { chooseTag } from "../../lib/choice.ts";
import { type Clock, isoTime } from "../../lib/clock.ts";
import { ExpressionError } from "../../lib/expression.ts";
import { whenReady } from "../../lib/template.ts";
import type { LedgerBook, Submission } from "../ledger.ts";
import type { Reply } from "../pipeline-values.ts";
import type { ActiveFault, Plan } from "../plan/plan.ts";
import { type ParsedBody, parseBody } from "./body.ts";
import type { CompiledContract } from "./compile.ts";
import type { Answer, Request } from "./exchange.ts";
import { type IdempotencyRecord, missingKey, parseIdempotencyKey, replay } from "./idempotency.ts";
import { problemReply } from "./problem-details.ts";
import { retryAfterMs } from "./retry-after.ts";
import { accepts, connectionBreak, faultsOf, shapeSubmitReply } from "./shaping.ts";
import type { Tally } from "./tallies.ts";
import type { Workshop } from "./workshop.ts";

export interface SubmitDeskOptions {
  compiled: CompiledContract;
  seed: string;
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
  workshop: Workshop;
  tallyOf: (key: string) => Tally;
  plan: () => Plan | undefined;
}

export type Desk = (request: Request) => Answer | Promise<Answer>;

/** A key longer than this names nothing. */
const LONGEST_KEY = 256;
const NONE: readonly ActiveFault[] = [];
/** What an exchange looks like that was cut or held on purpose; the wire performs it. */
const BROKEN: Reply = { status: 0, headers: {}, body: "", delayMs: 0, ending: "hang" };

/** A request on its way through the desk. */
interface Visit {
  request: Request;
  id: string;
  parsed: Extract<ParsedBody, { ok: true }>;
  tally: Tally;
  attempt: number;
  bodyHash: string;
  idempotencyKey: string | undefined;
}

export function createSubmitDesk(options: SubmitDeskOptions): Desk {
  const { compiled, seed, clock, history, ledger, workshop, tallyOf, plan } = options;
  const { idempotencyHeader } = compiled;
  const records = new Map<string, IdempotencyRecord>();
  let requests = 0;

  return (request) => {
    const { headers, body } = request;
    const parsed = parseBody({
      bytes: body,
      contentType: headers["content-type"],
      contentEncoding: headers["content-encoding"],
    });
    if (!parsed.ok) return withoutKey(request, parsed.refusal);
    return whenReady(keyOf(request, parsed.value), (found) => {
      const key = asKey(found);
      if (key !== undefined) return visit(request, parsed, tallyOf(key));
      const refusal = compiled.validate(parsed.value, parsed.isForm);
      return withoutKey(
        request,
        refusal ??
          problemReply(422, `The body carries no reference: ${compiled.key.source} finds nothing usable.`),
      );
    }) as Answer | Promise<Answer>;
  };

  function keyOf({ headers, params }: Request, body: unknown): unknown {
    try {
      const found = compiled.key.evaluate({ values: { body, headers, params } });
      return found instanceof Promise ? found.catch(nothingFound) : found;
    } catch (cause) {
      return nothingFound(cause);
    }
  }

  /** Nobody knows whose request it is, so nothing about it can be judged: no event, and no fault picks it. */
  function withoutKey({ headers }: Request, refusal: Reply): Answer {
    return { reply: compiled.authenticate(headers.authorization) ?? refusal };
  }

  function visit(request: Request, parsed: Visit["parsed"], tally: Tally): Answer | Promise<Answer> {
    tally.requests += 1;
    tally.submits += 1;
    requests += 1;
    const given = idempotencyHeader === undefined ? undefined : request.headers[idempotencyHeader];
    const current: Visit = {
      request,
      id: `r${requests}`,
      parsed,
      tally,
      attempt: tally.submits,
      bodyHash: hash("sha256", request.body, "base64url"),
      idempotencyKey: parseIdempotencyKey(Array.isArray(given) ? given[0] : given),
    };
    const armed = plan();
    const broken = connectionBreak(armed?.at("connection", tally, tally.requests) ?? NONE);
    record(current, broken ? [broken.by] : NONE);
    if (broken) {
      armed?.fired(broken.by);
      return breakOff(current, broken.by, broken.kind === "hang" ? "hang" : "reset");
    }
    const refusal = refusalOf(current);
    if (refusal) return answer(current, refusal, "refused", NONE);
    return take(current, armed);
  }

  function record({ id, tally, attempt, bodyHash, idempotencyKey }: Visit, by: readonly ActiveFault[]): void {
    history.append({
      source: "partner",
      kind: "submit.received",
      key: tally.key,
      attempt,
      request: id,
      bodyHash,
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      ...faultsOf(by),
    });
  }

  function refusalOf({ request, parsed, idempotencyKey }: Visit): Reply | undefined {
    const unauthorized = compiled.authenticate(request.headers.authorization);
    if (unauthorized) return unauthorized;
    if (idempotencyHeader !== undefined && idempotencyKey === undefined) return missingKey(idempotencyHeader);
    return compiled.validate(parsed.value, parsed.isForm);
  }

  /** A good request: kept away by a fault, known already, or accepted. */
  function take(current: Visit, armed: Plan | undefined): Answer | Promise<Answer> {
    const active = armed?.at("submit", current.tally, current.attempt) ?? NONE;
    if (!accepts(active)) {
      const unavailable = problemReply(503, "The service is temporarily unavailable.");
      return shaped(current, unavailable, "refused", active, armed);
    }
    const { idempotencyKey, tally } = current;
    const known = idempotencyKey === undefined ? undefined : records.get(idempotencyKey);
    if (known) {
      const { kind, reply } = replay(known, current.bodyHash);
      if (kind === "refuse") return answer(current, reply, "refused", NONE);
      const submission = ledger.byId(known.submission);
      if (submission) workshop.resubmitted(submission, tally);
      return shaped(current, reply, "replayed", active, armed);
    }
    const submission = accept(current);
    const remembered = remember(current, submission);
    const { headers, params } = current.request;
    const values = { submission, body: current.parsed.value, headers, params };
    return whenReady(render(values, tally.key), (rendered) => {
      const reply = rendered as Reply;
      if (remembered) remembered.reply = reply;
      workshop.begin(submission, tally);
      return shaped(current, reply, "accepted", active, armed, remembered);
    }) as Answer | Promise<Answer>;
  }

  function render(values: Record<string, unknown>, key: string): Reply | Promise<Reply> {
    try {
      const rendered = compiled.renderSubmitReply(values, key);
      return rendered instanceof Promise ? rendered.catch(unrenderable) : rendered;
    } catch (cause) {
      return unrenderable(cause);
    }
  }

  function accept({ tally, parsed }: Visit): Submission {
    const nth = ledger.byKey(tally.key).length;
    const submission: Submission = {
      id: submissionId(seed, tally.ordinal, nth),
      key: tally.key,
      ordinal: tally.ordinal,
      state: "accepted",
      outcome: null,
      reason: null,
      acceptedAt: isoTime(clock),
      decidedAt: null,
      body: parsed.value,
      acceptedMs: clock.now(),
    };
    ledger.accept(submission);
    history.append({
      source: "partner",
      kind: "submission.accepted",
      key: tally.key,
      submission: submission.id,
      ordinal: tally.ordinal,
    });
    return submission;
  }

  function remember({ idempotencyKey, bodyHash }: Visit, { id }: Submission): IdempotencyRecord | undefined {
    if (idempotencyKey === undefined) return undefined;
    const made = { bodyHash, submission: id, reply: undefined, isRunning: true };
    records.set(idempotencyKey, made);
    return made;
  }

  function shaped(
    current: Visit,
    honest: Reply,
    effect: SubmitEffect,
    active: readonly ActiveFault[],
    armed: Plan | undefined,
    remembered?: IdempotencyRecord,
  ): Answer {
    if (active.length === 0) return answer(current, honest, effect, NONE, remembered);
    const { value: reply, by } = shapeSubmitReply(honest, active);
    for (const use of by) armed?.fired(use);
    return answer(current, reply, effect, by, remembered, reply.body !== honest.body);
  }

  function answer(
    { id, tally, attempt }: Visit,
    reply: Reply,
    effect: SubmitEffect,
    by: readonly ActiveFault[],
    remembered?: IdempotencyRecord,
    isChanged = false,
  ): Answer {
    const retryAfter = retryAfterMs(reply.headers["retry-after"], clock);
    return {
      reply,
      onReplied() {
        if (remembered) remembered.isRunning = false;
        history.append({
          source: "partner",
          kind: "submit.replied",
          key: tally.key,
          attempt,
          request: id,
          status: reply.status,
          effect,
          ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
          ...(isChanged && reply.status < 300 && { malformed: true }),
          ...faultsOf(by),
        });
      },
      onAborted(side, reason) {
        if (remembered) remembered.isRunning = false;
        history.append({
          source: "partner",
          kind: "submit.aborted",
          key: tally.key,
          attempt,
          request: id,
          by: side,
          effect,
          reason,
          ...faultsOf(by),
        });
      },
    };
  }

  function breakOff(current: Visit, by: ActiveFault, ending: "hang" | "reset"): Answer {
    return answer(current, { ...BROKEN, ending }, "none", [by]);
  }
}

/** The same seed gives the same ids, whenever a submission comes. `nth`: how many the transaction has already. */
function submissionId(seed: string, ordinal: number, nth: number): string {
  return `sub_${chooseTag(6, seed, "submission", ordinal, nth)}${ordinal.toString(36).padStart(4, "0")}`;
}

/** Keys are texts or numbers; anything else names nothing. */
function asKey(found: unknown): string | undefined {
  const key = typeof found === "number" && Number.isFinite(found) ? String(found) : found;
  return typeof key === "string" && key !== "" && key.length <= LONGEST_KEY ? key : undefined;
}

function nothingFound(cause: unknown): undefined {
  // An expression may fail on a body of an unexpected shape; that is the caller's mistake, and answered as such.
  if (cause instanceof ExpressionError) return undefined;
  throw cause;
}

/** The contract's own template cannot be rendered for this request: the partner's mistake, and it says so. */
export function unrenderable(cause: unknown): Reply {
  if (cause instanceof ExpressionError)
    return problemReply(500, `The contract's reply cannot be rendered: ${cause.message}`);
  throw cause;
}
