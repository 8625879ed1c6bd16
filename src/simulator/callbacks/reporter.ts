// From a decision to deliveries that are due: finds the address, lets faults reshape the honest delivery, schedules.
import { ExpressionError } from "../../lib/expression.ts";
import type { Delivery } from "../pipeline-values.ts";
import type { CallbackSettings, Callbacks, CallbacksOptions, Reportable } from "./callbacks.ts";
import { compileCallback } from "./compile.ts";
import { honestDelivery, toLanes } from "./deliveries.ts";
import { eventId } from "./event-id.ts";
import { type Reshaped, reshapeDeliveries } from "./fault-lookup.ts";
import { createComposer } from "./message.ts";
import { createPerformer } from "./performer.ts";
import { checkTarget, type Target } from "./target.ts";
import type { Batch, Task } from "./task.ts";

/** What the contract reports for a submission that was refused after acceptance, unless the outcome says more. */
const REFUSED = "rejected";

export function createReporter(options: CallbacksOptions & { callback: CallbackSettings }): Callbacks {
  const { callback, clock, history, seed, allowedHosts = [] } = options;
  const compiled = compileCallback(callback);
  const composer = createComposer(options, compiled);
  const performer = createPerformer({ callback, clock, history, composer });
  /** How often each transaction was reported: a resubmission is reported anew. */
  const reports = new Map<string, number>();
  let deliveries = 0;
  let resolving = 0;
  let isClosed = false;

  async function start(submission: Reportable, reshape: (honest: Delivery) => Reshaped): Promise<void> {
    if (isClosed) return;
    const decidedMs = clock.now();
    resolving += 1;
    const target = await resolveTarget(submission);
    resolving -= 1;
    if (isClosed) return;
    if (!target.ok) {
      withhold(submission, target.reason, []);
      return;
    }
    const outcome = submission.outcome ?? REFUSED;
    const event = eventId(callback.sign.scheme, seed, submission.id, outcome);
    const reshaped = reshape(honestDelivery(event, outcome, callback.sign.scheme));
    if (reshaped.deliveries.length === 0) {
      withhold(submission, "the partner never reports this result", reshaped.faults);
    }
    for (const lane of toLanes(reshaped.deliveries)) {
      const dueMs = decidedMs + lane.afterMs;
      const batches = lane.batches.map((batch) =>
        batch.map((delivery) => taskOf(submission, delivery, target.url)),
      );
      for (const { id, delivery } of batches.flat()) announce(submission, id, delivery, dueMs);
      performer.schedule(dueMs, chain(batches));
    }
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

  function reshapeByPlan(submission: Reportable): (honest: Delivery) => Reshaped {
    const attempt = (reports.get(submission.key) ?? 0) + 1;
    reports.set(submission.key, attempt);
    return (honest) => {
      const plan = options.plan();
      return plan
        ? reshapeDeliveries(honest, plan, plan.at("callback", submission, attempt))
        : { deliveries: [honest], faults: [] };
    };
  }

  function taskOf(submission: Reportable, delivery: Delivery, url: string): Task {
    deliveries += 1;
    return { id: `d${deliveries}`, submission, delivery, url, attempt: 1 };
  }

  function announce(
    { key, id }: Reportable,
    delivery: string,
    { event, faults }: Delivery,
    dueMs: number,
  ): void {
    history.append({
      source: "partner",
      kind: "callback.scheduled",
      key,
      submission: id,
      delivery,
      event,
      dueMs: Math.round(dueMs),
      ...(faults.length > 0 && { faults }),
    });
  }

  function withhold({ key, id }: Reportable, reason: string, faults: number[]): void {
    history.append({
      source: "partner",
      kind: "callback.withheld",
      key,
      submission: id,
      reason,
      ...(faults.length > 0 && { faults }),
    });
  }

  return {
    report: (submission) => void start(submission, reshapeByPlan(submission)),
    redeliver: (submission) => void start(submission, (honest) => ({ deliveries: [honest], faults: [] })),
    isQuiet: () => resolving === 0 && performer.isQuiet(),
    async close() {
      isClosed = true;
      await performer.close();
    },
  };
}

function chain(batches: Task[][]): Batch {
  const linked = batches.reduceRight<Batch | undefined>((next, tasks) => ({ tasks, next }), undefined);
  if (!linked) throw new Error("a lane holds at least one delivery");
  return linked;
}
