// Performs deliveries: waits until they are due, sends, records every answer, retries as the contract says.
import type { HistoryLog } from "../../history/history.ts";
import { type Clock, wallTime } from "../../lib/clock.ts";
import { isFinal } from "../contract/stages.ts";
import type { Delivery } from "../pipeline-values.ts";
import type { ActiveFault } from "../plan/plan.ts";
import { createTimetable } from "../timetable.ts";
import type { CallbackSettings } from "./callbacks.ts";
import { createEndpoints } from "./endpoints.ts";
import { type FaultLookup, reshapeRetry } from "./fault-lookup.ts";
import { createGate } from "./gate.ts";
import { type Composer, type Message, subjectOf } from "./message.ts";
import { capture, replayOf, signatureAt } from "./replay.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { type Answer, createSender } from "./sender.ts";
import type { Batch, Task } from "./task.ts";

export interface Performer {
  schedule(dueMs: number, batch: Batch): void;
  isQuiet(): boolean;
  close(): Promise<void>;
}

export interface PerformerOptions {
  callback: CallbackSettings;
  clock: Clock;
  history: HistoryLog;
  composer: Composer;
  /** Called at each answer, or failure, of a report of a result, and when it will not be sent. */
  onAnswered?: ((submission: string) => void) | undefined;
  plan: () => FaultLookup | undefined;
}

/** As much of a body as the history keeps. */
const KEPT_BODY_BYTES = 4 * 1024;
const GONE = 410;
/** What falls due beyond this waits unrendered: twice the connections of one origin keep the wire busy. */
const MOST_AT_ONCE = 512;

export function createPerformer(options: PerformerOptions): Performer {
  const { callback, clock, history, composer, plan, onAnswered } = options;
  const sender = createSender({ timeoutMs: callback.timeout });
  const gate = createGate(MOST_AT_ONCE, performInTurn);
  const timetable = createTimetable(() => clock.now(), gate.enter);
  /** Addresses that answered 410: the partner has switched them off. */
  const gone = new Set<string>();
  /** By submission, for contracts with stages: resolved when what was sent last has had its first answer. */
  const turns = new Map<string, Promise<void>>();
  const endpoints = createEndpoints();
  let isClosed = false;

  /** No stage of a submission is reported while the one before it waits for its answer. */
  async function performInTurn(batch: Batch): Promise<void> {
    const [task] = batch.tasks;
    if (!task?.delivery.stage) return performBatch(batch);
    const { id } = task.submission;
    const done = (turns.get(id) ?? Promise.resolve()).then(() => performBatch(batch));
    turns.set(id, done);
    await done;
    if (turns.get(id) === done) turns.delete(id);
  }

  async function performBatch({ tasks, next }: Batch): Promise<void> {
    const prepared = await Promise.all(tasks.map(prepare));
    await Promise.all(
      prepared.map((message, i) => {
        const task = tasks[i];
        return message && task && attempt(task, message);
      }),
    );
    if (next && !isClosed) await performBatch(next);
  }

  async function prepare(task: Task): Promise<Message | undefined> {
    if (gone.has(task.url)) {
      withhold(task, "the endpoint answered 410 Gone before, so it is switched off");
      return undefined;
    }
    if (isSwitchedOff(task)) return undefined;
    const prepared = task.delivery.replays ? replayOf(task) : await composer.compose(task);
    if (prepared.ok) return prepared.message;
    withhold(task, prepared.reason);
    return undefined;
  }

  /** True when a fault in force has switched the endpoint off: then the report is withheld for good. */
  function isSwitchedOff(task: Task): boolean {
    const armed = plan();
    const by = armed && endpoints.offBy(armed.at("callback", subjectOf(task), task.report), task.endpoint);
    if (!by) return false;
    armed.fired(by);
    withhold(task, "the partner has switched the endpoint off", [by]);
    return true;
  }

  async function attempt(task: Task, message: Message): Promise<void> {
    if (isClosed) return;
    const answer = await sender.post({
      url: task.url,
      method: task.delivery.method ?? "POST",
      headers: message.headers,
      body: message.payload.body,
      onStart: () => recordSent(task, message),
    });
    const retryAfterMs = recordAnswer(task, answer);
    if (onAnswered && isResult(task.delivery)) onAnswered(task.submission.id);
    if (!isClosed && !isSuccess(answer)) retry(task, answer, retryAfterMs ?? 0);
  }

  function retry(task: Task, answer: Answer, retryAfterMs: number): void {
    if (answer.kind === "answered" && answer.status === GONE) {
      gone.add(task.url);
      withhold(task, "the endpoint answered 410 Gone, so it is switched off");
      return;
    }
    if (!task.delivery.retried) return;
    const { waitMs, reason, by } = afterFailure(task);
    if (waitMs === undefined) {
      withhold(task, reason, by);
      return;
    }
    task.attempt += 1;
    timetable.add(clock.now() + Math.max(waitMs, retryAfterMs), { tasks: [task], next: undefined });
  }

  /** What the contract says, and what faults make of it. */
  function afterFailure(task: Task) {
    const { endpoint, report, attempt: tries } = task;
    const honest = { waitMs: callback.retry[tries - 1], keepsEndpoint: true };
    const armed = plan();
    const active = armed?.at("callback", subjectOf(task), report) ?? [];
    const { retry, by } = reshapeRetry(honest, armed, active, (use) => endpoints.countFailure(use, endpoint));
    const last = by.at(-1);
    if (retry.keepsEndpoint || !last)
      return {
        waitMs: retry.waitMs,
        reason: `given up after ${tries} ${tries === 1 ? "attempt" : "attempts"}`,
        by,
      };
    endpoints.switchOff(last, endpoint);
    return {
      waitMs: retry.waitMs,
      reason: "the endpoint has failed too often: the partner switches it off",
      by,
    };
  }

  function recordSent(task: Task, message: Message): void {
    const { id, submission, delivery, attempt, url } = task;
    const { payload, secrets, faults } = message;
    const sentMs = clock.now();
    capture(task, message, sentMs);
    const { content, claims, mutation, field, body } = payload;
    const { stage } = delivery;
    history.append({
      source: "partner",
      kind: "callback.sent",
      key: submission.key,
      submission: submission.id,
      delivery: id,
      event: delivery.event,
      attempt,
      ...(stage && { stage: stage.name }),
      ...(stage && !isFinal(stage) && { interim: true }),
      claims,
      ...(secrets !== "current" && { signedWith: secrets }),
      signature: signatureAt(task, sentMs),
      content,
      ...(mutation !== undefined && { mutation }),
      ...(field !== undefined && { field }),
      ...(delivery.names && { reference: delivery.names.key }),
      ...(delivery.method && { method: delivery.method }),
      url,
      body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8", 0, KEPT_BODY_BYTES),
      ...(faults.length > 0 && { faults }),
    });
  }

  /** What the receiver asked to wait, if it did. */
  function recordAnswer({ id, submission, attempt }: Task, answer: Answer): number | undefined {
    const about = { source: "partner", key: submission.key, delivery: id, attempt } as const;
    if (answer.kind === "unanswered") {
      history.append({ ...about, kind: "callback.unanswered", reason: answer.reason });
      return undefined;
    }
    const { status } = answer;
    if (isSuccess(answer)) {
      history.append({ ...about, kind: "callback.acked", status });
      return undefined;
    }
    const retryAfterMs = parseRetryAfter(answer.retryAfter, wallTime(clock));
    history.append({
      ...about,
      kind: "callback.refused",
      status,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
    return retryAfterMs;
  }

  function withhold(
    { id, submission, delivery }: Task,
    reason: string,
    by: readonly ActiveFault[] = [],
  ): void {
    const faults = [...new Set([...delivery.faults, ...by.map(({ index }) => index)])];
    if (isResult(delivery)) onAnswered?.(submission.id);
    history.append({
      source: "partner",
      kind: "callback.withheld",
      key: submission.key,
      submission: submission.id,
      delivery: id,
      ...(delivery.stage && { stage: delivery.stage.name }),
      reason,
      ...(faults.length > 0 && { faults }),
    });
  }

  return {
    schedule: (dueMs, batch) => timetable.add(dueMs, batch),
    isQuiet: () => timetable.size === 0 && gate.size === 0,
    async close() {
      isClosed = true;
      timetable.clear();
      await Promise.all([gate.close(), sender.close()]);
    },
  };
}

/** The partner's own word on the outcome, not somebody else's. */
function isResult({ outcome, content }: Delivery): boolean {
  return outcome !== null && content === "genuine";
}

/** Standard Webhooks: 200 to 299 and nothing else; a redirect is a failure. */
function isSuccess(answer: Answer): boolean {
  return answer.kind === "answered" && answer.status >= 200 && answer.status < 300;
}
