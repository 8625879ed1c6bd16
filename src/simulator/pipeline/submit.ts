// The submit desk: from a request to an answer, through connection, authentication, validation, acceptance and reply.
import { hash } from "node:crypto";
import type { SubmitEffect } from "../../history/event.ts";
import type { HistoryLog } from "../../history/history.ts";
import type { Clock } from "../../lib/clock.ts";
import { whenReady } from "../../lib/template.ts";
import type { LedgerBook, Submission, SubmissionRequest } from "../ledger.ts";
import type { Reply } from "../pipeline-values.ts";
import type { ActiveFault, Plan } from "../plan/plan.ts";
import { createAcceptance } from "./acceptance.ts";
import type { TurnAway } from "./admit.ts";
import { type ParsedBody, parseBody } from "./body.ts";
import { type CompiledContract, renderSafely } from "./compile.ts";
import { type Answer, brokenReply, type Desk, type Request } from "./exchange.ts";
import type { HeldReplies } from "./held-replies.ts";
import {
  type IdempotencyRecord,
  missingKey,
  parseIdempotencyKey,
  rememberKey,
  rememberReply,
  replay,
} from "./idempotency.ts";
import type { IdempotencyBook } from "./idempotency-book.ts";
import { problemReply } from "./problem-details.ts";
import { accepts, connectionBreak, replyHoldMs, shapeConnectionReply, shapeSubmitReply } from "./shaping.ts";
import type { SubmissionIds } from "./submission-ids.ts";
import { createSubmitRecorder, type Ending, type SubmitVisit } from "./submit-record.ts";
import type { Tally } from "./tallies.ts";
import { findKey } from "./transaction-key.ts";
import type { Workshop } from "./workshop.ts";

export interface SubmitDeskOptions {
  compiled: CompiledContract;
  turnAway: TurnAway;
  ids: SubmissionIds;
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
  workshop: Workshop;
  heldReplies: HeldReplies;
  tallyOf: (key: string) => Tally;
  idempotency: IdempotencyBook;
  plan: () => Plan | undefined;
}

const NONE: readonly ActiveFault[] = [];

/** A request with a key, on its way through the desk. */
interface Visit extends SubmitVisit {
  request: Request;
  parsed: Extract<ParsedBody, { ok: true }>;
  tally: Tally;
  armed: Plan | undefined;
  /** Faults of the connection that it came over. */
  connection: readonly ActiveFault[];
}

export function createSubmitDesk(options: SubmitDeskOptions): Desk {
  const { compiled, turnAway, clock, history, workshop, heldReplies, tallyOf, idempotency, plan } = options;
  const { idempotencyHeader } = compiled;
  const accept = createAcceptance(options);
  const recorder = createSubmitRecorder(history, clock);
  let requests = 0;

  return (request) => {
    const { headers, body, params } = request;
    const parsed = parseBody({
      bytes: body,
      contentType: headers["content-type"],
      contentEncoding: headers["content-encoding"],
    });
    if (!parsed.ok) return withoutKey(request, parsed.refusal);
    const found = findKey(compiled.key, { body: parsed.value, headers, params });
    return whenReady(found, (key) => {
      if (key !== undefined) return visit(request, parsed, tallyOf(key as string));
      const { source } = compiled.key;
      const nameless = problemReply(422, `The body carries no reference: ${source} finds nothing usable.`);
      return withoutKey(request, compiled.validate(parsed.value, parsed.isForm) ?? nameless);
    }) as Answer | Promise<Answer>;
  };

  /** Nobody knows whose request it is, so nothing about it can be judged: no event, and no fault picks it. */
  function withoutKey({ headers }: Request, refusal: Reply): Answer {
    const met = compiled.doorkeeper.authenticate(headers);
    return { reply: met.ok ? refusal : met.refusal };
  }

  function visit(request: Request, parsed: Visit["parsed"], tally: Tally): Answer | Promise<Answer> {
    tally.requests += 1;
    tally.submits += 1;
    requests += 1;
    const given = idempotencyHeader === undefined ? undefined : request.headers[idempotencyHeader];
    const armed = plan();
    const connection = armed?.at("connection", tally, tally.requests) ?? NONE;
    const current: Visit = {
      request,
      parsed,
      tally,
      key: tally.key,
      attempt: tally.submits,
      id: `r${requests}`,
      bodyHash: fingerprint(request.body),
      idempotencyKey: parseIdempotencyKey(Array.isArray(given) ? given[0] : given),
      badCertificate: request.badCertificate,
      armed,
      connection,
    };
    const broken = connectionBreak(connection);
    if (broken) {
      recorder.received(current, [broken.by]);
      armed?.fired(broken.by);
      return recorder.answer(current, { reply: brokenReply(broken.kind), effect: "none", by: [broken.by] });
    }
    recorder.received(current, NONE);
    const { headers } = request;
    const entrance = { headers, plan: armed, subject: tally, attempt: tally.requests };
    const turnedAway = turnAway(entrance);
    if (turnedAway) return record(current, { ...turnedAway, effect: "refused" });
    const refusal = refusalOf(current);
    return refusal ? refuse(current, refusal) : take(current, armed);
  }

  function refusalOf({ parsed, idempotencyKey }: Visit): Reply | undefined {
    if (idempotencyHeader !== undefined && idempotencyKey === undefined && compiled.demandsIdempotency)
      return missingKey(idempotencyHeader);
    return compiled.validate(parsed.value, parsed.isForm);
  }

  function refuse(current: Visit, reply: Reply): Answer {
    return record(current, { reply, effect: "refused", by: NONE });
  }

  function record(current: Visit, ending: Ending): Answer {
    const { connection, armed } = current;
    if (connection.length === 0) return recorder.answer(current, ending);
    const { value: reply, by } = shapeConnectionReply(ending.reply, connection);
    for (const use of by) armed?.fired(use);
    return recorder.answer(current, { ...ending, reply, by: [...by, ...ending.by] });
  }

  /** A good request: kept away by a fault, known already, or accepted. */
  function take(current: Visit, armed: Plan | undefined): Answer | Promise<Answer> {
    const { idempotencyKey, bodyHash, tally } = current;
    const active = armed?.at("submit", tally, current.attempt) ?? NONE;
    const answer = (
      honest: Reply,
      effect: SubmitEffect,
      remembered?: IdempotencyRecord,
      after?: Promise<void>,
    ) => shape(current, honest, { effect, active, armed, remembered, after });
    if (!accepts(active))
      return answer(problemReply(503, "The service is temporarily unavailable."), "refused");
    const known = idempotencyKey === undefined ? undefined : idempotency.find(idempotencyKey, tally);
    if (known) {
      const { kind, reply } = replay(known, bodyHash);
      if (kind === "refuse") return refuse(current, reply);
      workshop.resubmitted(known.submission, tally);
      return answer(reply, "replayed");
    }
    const submission = accept(
      tally,
      current.parsed.value,
      compiled.keepsRequest ? kept(current.request) : undefined,
    );
    const remembered = remember(current, submission);
    const { headers, params } = current.request;
    const values = { submission, body: submission.body, headers, params };
    return whenReady(renderSafely(compiled.renderSubmitReply, values, tally.key), (rendered) => {
      const reply = rendered as Reply;
      if (remembered) rememberReply(remembered, reply);
      const holdMs = armed && replyHoldMs(armed.at("callback", submission, tally.accepted + 1));
      // Somebody may have decided it by hand already.
      if (submission.state === "accepted") workshop.begin(submission, tally, holdMs !== undefined);
      const after = holdMs === undefined ? undefined : heldReplies.hold(submission.id, holdMs);
      return answer(reply, "accepted", remembered, after);
    }) as Answer | Promise<Answer>;
  }

  function remember({ idempotencyKey, bodyHash, tally }: Visit, submission: Submission) {
    if (idempotencyKey === undefined) return undefined;
    const made = rememberKey(bodyHash, submission);
    idempotency.keep(idempotencyKey, tally, made);
    return made;
  }

  function shape(current: Visit, honest: Reply, shaping: Shaping): Answer {
    const { effect, active, armed, remembered, after } = shaping;
    const onOver = remembered && (() => finish(remembered));
    if (active.length === 0) return record(current, { reply: honest, effect, by: NONE, after, onOver });
    const { value: reply, by } = shapeSubmitReply(honest, active);
    for (const use of by) armed?.fired(use);
    const isMalformed = reply.status < 300 && reply.body !== honest.body;
    return record(current, { reply, effect, by, isMalformed, after, onOver });
  }
}

/** Tells the bodies of one transaction apart; no secret hangs on it, and a hundred thousand are kept, so a short digest will do. */
function fingerprint(body: Buffer): string {
  return hash("sha1", body, "base64url");
}

interface Shaping {
  effect: SubmitEffect;
  active: readonly ActiveFault[];
  armed: Plan | undefined;
  remembered: IdempotencyRecord | undefined;
  after: Promise<void> | undefined;
}

function finish(record: IdempotencyRecord): void {
  record.isRunning = false;
}

function kept({ headers, query = "" }: Request): SubmissionRequest {
  return { headers, query: Object.fromEntries(new URLSearchParams(query)) };
}
