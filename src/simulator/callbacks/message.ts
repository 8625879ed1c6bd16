// One attempt of a delivery as it goes out: rendered, mutated and signed at send time, over the exact bytes.
import { isoTime, wallTime } from "../../lib/clock.ts";
import { ExpressionError, type Scope } from "../../lib/expression.ts";
import { whenReady } from "../../lib/template.ts";
import { isFinal } from "../contract/stages.ts";
import type { Delivery, Payload, Signing } from "../pipeline-values.ts";
import type { Subject } from "../plan/plan.ts";
import { nextSecret } from "../signing/secret.ts";
import type { SignOptions } from "../signing/sign.ts";
import { signatureHeaders } from "../signing/signature.ts";
import type { CallbackSettings, CallbacksOptions, Reportable } from "./callbacks.ts";
import type { CompiledCallback, Rendered } from "./compile.ts";
import { type FaultLookup, reshapePayload, reshapeSigning } from "./fault-lookup.ts";
import { asNamed } from "./named.ts";
import type { Task } from "./task.ts";

export interface Message {
  headers: Record<string, string>;
  payload: Payload;
  /** Which secrets signed it. */
  secrets: Signing["secrets"];
  /** Indexes of every fault that shaped it. */
  faults: number[];
}

export type Prepared = { ok: true; message: Message } | { ok: false; reason: string };

export interface Composer {
  /** The scope of `callback.to`, and the part of every scope that does not depend on the delivery. */
  scopeOf(submission: Reportable, more?: Record<string, unknown>): Promise<Scope> | Scope;
  /** A reason instead of a message when the contract's template cannot be rendered for this submission. */
  compose(task: Task): Promise<Prepared>;
}

const NO_FAULTS: number[] = [];

export function createComposer(
  options: CallbacksOptions & { callback: CallbackSettings },
  compiled: CompiledCallback,
  stages: ReadonlyMap<string, CompiledCallback> = new Map(),
): Composer {
  const { callback, clock, seed, names, secret } = options;
  const { scheme } = callback.sign;
  const next = options.nextSecret ?? nextSecret(scheme, secret);
  const callsFunctions = [compiled, ...stages.values()].some((each) => each.callsFunctions);
  const compiledFor = ({ delivery: { stage } }: Task) => (stage && stages.get(stage.name)) ?? compiled;

  async function withFunctions(values: Scope["values"], key: string): Promise<Scope> {
    // Loads faker, so only when it is asked for.
    const { dataFunctions } = await import("../../lib/business-data.ts");
    return { values, functions: dataFunctions(seed, `callback of ${key}`) };
  }

  function scopeOf(submission: Reportable, more: Record<string, unknown> = {}): Promise<Scope> | Scope {
    const { key, id, ordinal, body, request } = submission;
    const values = { ...names?.(), ...request, body, transaction: { key, id, ordinal }, submission, ...more };
    return callsFunctions ? withFunctions(values, key) : { values };
  }

  function deliveryScope({ submission, delivery, attempt }: Task): Promise<Scope> | Scope {
    const named = asNamed(submission, delivery);
    return scopeOf(named, {
      submission: submissionAt(named, delivery),
      delivery: {
        id: delivery.event,
        attempt,
        stage: delivery.stage?.name ?? null,
        // A getter: most payloads do not ask for it.
        get at() {
          return isoTime(clock);
        },
      },
    });
  }

  function finish(task: Task, { json, headers }: Rendered, plan: FaultLookup | undefined): Message {
    const { delivery, attempt } = task;
    const { schema } = compiledFor(task);
    const honest: Payload = {
      body: Buffer.from(JSON.stringify(json)),
      contentType: "application/json",
      headers,
      content: delivery.content,
      claims: delivery.outcome,
      ...(schema === undefined ? {} : { schema }),
    };
    const active = plan?.at("payload", subjectOf(task), attempt) ?? [];
    const { payload, faults } =
      plan && active.length > 0 ? reshapePayload(honest, plan, active) : { payload: honest, faults: [] };
    const rotated = rotate(task, plan);
    const { secrets } = rotated.signing;
    const shapers = [...faults, ...rotated.faults];
    const signature = signatureHeaders(delivery.signature, {
      scheme,
      ...secretsIn(secrets),
      id: delivery.event,
      timestampSeconds: Math.floor(wallTime(clock) / 1_000),
      ...(delivery.ageMs !== undefined && { staleSeconds: Math.ceil(delivery.ageMs / 1_000) }),
      body: payload.body,
      eventName: eventName(json),
    });
    return {
      headers: {
        "user-agent": "neverfails-partner",
        "content-type": payload.contentType,
        ...payload.headers,
        ...signature,
      },
      payload,
      secrets,
      faults: shapers.length === 0 ? delivery.faults : [...delivery.faults, ...shapers],
    };
  }

  /** Only who has a secret can rotate it: what is forged or unsigned stays as it is. */
  function rotate({ submission, delivery, attempt }: Task, plan: FaultLookup | undefined) {
    const honest: Signing = { scheme, secrets: "current" };
    const isGenuine = delivery.signature === "valid" || delivery.signature === "stale";
    const active = isGenuine ? (plan?.at("credentials", submission, attempt) ?? []) : [];
    return plan && active.length > 0
      ? reshapeSigning(honest, plan, active)
      : { signing: honest, faults: NO_FAULTS };
  }

  /** The newer one first: who reads one signature only will be wrong while the two overlap. */
  function secretsIn(secrets: Signing["secrets"]): Pick<SignOptions, "secret" | "otherSecret"> {
    switch (secrets) {
      case "current":
        return { secret };
      case "next":
        return { secret: next };
      case "both":
        return { secret: next, otherSecret: secret };
    }
  }

  return {
    scopeOf,
    async compose(task) {
      try {
        const rendered = await whenReady(deliveryScope(task), (scope) =>
          compiledFor(task).render(scope as Scope),
        );
        return { ok: true, message: finish(task, rendered, options.plan()) };
      } catch (cause) {
        if (cause instanceof ExpressionError) return { ok: false, reason: cause.message };
        throw cause;
      }
    },
  };
}

/** What expressions see of it: a report says what was true at its stage, however late it goes out. */
function submissionAt(submission: Reportable, { outcome, stage }: Delivery): object {
  if (!stage) return { ...submission, outcome };
  const before = isFinal(stage) ? {} : { state: "processing", reason: null, decidedAt: null };
  return { ...submission, ...before, stage: stage.name, outcome };
}

/** Whom faults are looked up for. */
export function subjectOf({ submission, delivery: { stage } }: Task): Subject {
  return stage ? { ...submission, reports: stage } : submission;
}

/** GitHub names the event in a header; the payload's own `type` is the nearest thing to it. */
function eventName(json: unknown): string {
  const type = typeof json === "object" && json !== null && "type" in json ? json.type : undefined;
  return typeof type === "string" && /^[\w.-]{1,100}$/.test(type) ? type : "result";
}
