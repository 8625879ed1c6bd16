// From a decision to deliveries that are due: finds the address, lets faults reshape the honest delivery, schedules.
import { ExpressionError } from "../../lib/expression.ts";
import { isFinal, type Stage, stageAt } from "../contract/stages.ts";
import type { Delivery } from "../pipeline-values.ts";
import type { Subject } from "../plan/plan.ts";
import type { CallbackSettings, Callbacks, CallbacksOptions, Reportable } from "./callbacks.ts";
import { compileCallback, compileStages } from "./compile.ts";
import { honestDelivery, toLanes } from "./deliveries.ts";
import { eventId } from "./event-id.ts";
import { type Reshaped, reshapeDeliveries, unshaped } from "./fault-lookup.ts";
import { createComposer } from "./message.ts";
import { carriesReference } from "./named.ts";
import { createPerformer } from "./performer.ts";
import { checkTarget, type Target } from "./target.ts";
import type { Batch, Task } from "./task.ts";

/** What the contract reports for a submission that was refused after acceptance, unless the outcome says more. */
const REFUSED = "rejected";

export function createReporter(options: CallbacksOptions & { callback: CallbackSettings }): Callbacks {
  const { callback, stages, clock, history, seed, allowedHosts = [] } = options;
  const compiled = compileCallback(callback);
  const composer = createComposer(options, compiled, compileStages(callback, stages));
  const performer = createPerformer({ ...options, composer });
  const lastStage = stages && stageAt(stages, stages.length);
  /** How often each transaction was reported (at each stage): a resubmission is reported anew. */
  const reports = new Map<string, number>();
  /** Whether a payload under another reference would say something else at all. */
  const mixes = carriesReference(compiled);
  let deliveries = 0;
  let resolving = 0;
  let isClosed = false;

  async function start(
    submission: Reportable,
    stage: Stage | undefined,
    reshape: (honest: Delivery) => Reshaped,
  ): Promise<void> {
    if (isClosed) return;
    const decidedMs = clock.now();
    resolving += 1;
    const target = await resolveTarget(submission);
    resolving -= 1;
    if (isClosed) return;
    if (!target.ok) {
      withhold(submission, stage, target.reason, []);
      return;
    }
    const reshaped = reshape(honest(submission, stage));
    if (!reshaped.deliveries.some(({ content }) => content === "genuine")) {
      const what = stage && !isFinal(stage) ? "stage" : "result";
      withhold(submission, stage, `the partner never reports this ${what}`, reshaped.faults);
    }
    const toTask = taskMaker(submission, target.url, reshaped.deliveries);
    for (const lane of toLanes(reshaped.deliveries)) {
      const dueMs = decidedMs + lane.afterMs;
      const batches = lane.batches.map((batch) => batch.map(toTask));
      for (const { id, delivery } of batches.flat()) announce(submission, id, delivery, dueMs);
      performer.schedule(dueMs, chain(batches));
    }
  }

  function honest({ id, outcome }: Reportable, stage: Stage | undefined): Delivery {
    const { scheme } = callback.sign;
    if (stage && !isFinal(stage)) {
      return honestDelivery(eventId(scheme, seed, id, "stage", stage.name), null, { scheme, stage });
    }
    const result = outcome ?? REFUSED;
    return honestDelivery(eventId(scheme, seed, id, result), result, { scheme, stage });
  }

  async function resolveTarget(submission: Reportable): Promise<Target> {
    try {
      const scope = composer.scopeOf(submission);
      const value = await compiled.target(scope instanceof Promise ? await scope : scope);
      return checkTarget(value, allowedHosts);
    } catch (cause) {
      if (cause instanceof ExpressionError) return { ok: false, reason: cause.message };
      throw cause;
    }
  }

  function reshapeByPlan(
    submission: Reportable,
    stage: Stage | undefined,
    decidedInMs: number,
  ): (honest: Delivery) => Reshaped {
    const { key, id } = submission;
    const counted = countedAs(key, stage);
    const attempt = (reports.get(counted) ?? 0) + 1;
    reports.set(counted, attempt);
    return (honest) => {
      const plan = options.plan();
      if (!plan) return unshaped(honest);
      const isReplyHeld = options.isReplyHeld?.(id) ?? false;
      const subject: Subject = { ...submission, reports: stage, decidedInMs, isReplyHeld };
      const other = mixes ? () => options.otherThan?.(submission) : undefined;
      return reshapeDeliveries(honest, plan, plan.at("callback", subject, attempt), other);
    };
  }

  function taskMaker(
    submission: Reportable,
    endpoint: string,
    all: readonly Delivery[],
  ): (delivery: Delivery) => Task {
    const captured: Pick<Task, "captured"> = all.some(({ replays }) => replays)
      ? { captured: new Map() }
      : {};
    return (delivery) => {
      deliveries += 1;
      const report = reports.get(countedAs(submission.key, delivery.stage)) ?? 1;
      const url = delivery.path === undefined ? endpoint : onSameServer(endpoint, delivery.path);
      return { id: `d${deliveries}`, submission, report, delivery, endpoint, url, attempt: 1, ...captured };
    };
  }

  function announce(
    { key, id }: Reportable,
    delivery: string,
    { event, stage, faults }: Delivery,
    dueMs: number,
  ): void {
    history.append({
      source: "partner",
      kind: "callback.scheduled",
      key,
      submission: id,
      delivery,
      event,
      ...(stage && { stage: stage.name }),
      dueMs: Math.round(dueMs),
      ...(faults.length > 0 && { faults }),
    });
  }

  function withhold(
    { key, id }: Reportable,
    stage: Stage | undefined,
    reason: string,
    faults: number[],
  ): void {
    // Whoever waits for the report to be answered need not wait any longer.
    if (!stage || isFinal(stage)) options.onAnswered?.(id);
    history.append({
      source: "partner",
      kind: "callback.withheld",
      key,
      submission: id,
      ...(stage && { stage: stage.name }),
      reason,
      ...(faults.length > 0 && { faults }),
    });
  }

  return {
    report: (submission) => void start(submission, lastStage, reshapeByPlan(submission, lastStage, 0)),
    reportStage: (submission, stage, decidedInMs) =>
      void start(submission, stage, reshapeByPlan(submission, stage, decidedInMs)),
    redeliver: (submission) => void start(submission, lastStage, unshaped),
    isQuiet: () => resolving === 0 && performer.isQuiet(),
    async close() {
      isClosed = true;
      await performer.close();
    },
  };
}

/** What reports are counted by. */
function countedAs(key: string, stage: Stage | undefined): string {
  return stage ? `${stage.name} ${key}` : key;
}

/** Another path of the same server; a setter of URL leaves the host as it was checked, whatever the path says. */
function onSameServer(endpoint: string, path: string): string {
  const url = new URL(endpoint);
  url.pathname = path;
  url.search = "";
  return url.href;
}

function chain(batches: Task[][]): Batch {
  const linked = batches.reduceRight<Batch | undefined>((next, tasks) => ({ tasks, next }), undefined);
  if (!linked) throw new Error("a lane holds at least one delivery");
  return linked;
}
