// For tests: writes histories tersely. Times are milliseconds; events may be added in any order and are sorted at the end.
import type { EventBody, Group, HistoryEvent, Means, Phase, Source } from "../../../history/event.ts";
import {
  DEFAULT_BOUNDS,
  type FaultHeader,
  HISTORY_VERSION,
  type History,
  type HistoryHeader,
  type PartnerHeader,
  type ScenarioHeader,
  type SystemHeader,
} from "../../../history/header.ts";

const MEANS: Record<string, Means> = {
  received: { kind: "pending" },
  submitted: { kind: "pending" },
  needs_review: { kind: "attention" },
  paid: { kind: "settled", outcome: "approved" },
  denied: { kind: "settled", outcome: "denied" },
  rejected: { kind: "settled", outcome: "rejected" },
};

export interface SceneOptions {
  faults?: Partial<FaultHeader>[];
  scenario?: Partial<ScenarioHeader>;
  partner?: Partial<PartnerHeader>;
  system?: Partial<SystemHeader>;
}

/** A claims system that can be seen in every way, and Acme, which promises a result within 1 s. */
export function headerOf({ faults = [], scenario, partner, system }: SceneOptions): HistoryHeader {
  return {
    neverfailsHistory: HISTORY_VERSION,
    run: "run-1",
    seed: "seed",
    startedAt: "2026-01-01T00:00:00.000Z",
    scenario: {
      id: "test/scenario",
      title: "A scenario",
      tags: [],
      expect: {},
      waives: {},
      bounds: DEFAULT_BOUNDS,
      ...scenario,
    },
    faults: faults.map((fault, index) => ({
      index,
      fault: "callback.missing",
      point: "callback",
      settings: {},
      onset: "promise",
      spares: true,
      selfHealing: true,
      ...fault,
    })),
    partner: {
      name: "Acme",
      promisesMs: 1_000,
      outcomes: ["approved", "denied"],
      callsBack: true,
      answersStatus: true,
      idempotent: true,
      signs: "standard-webhooks",
      ...partner,
    },
    system: {
      name: "claims-service",
      noun: "claim",
      states: MEANS,
      observesEffects: true,
      expectedEffects: { approved: 1, denied: 0, rejected: 0 },
      channels: [
        { name: "claimsOps", kind: "slack", owner: "Claims operations", for: ["business"] },
        { name: "onCall", kind: "pagerduty", owner: "Integration team", for: ["technical"] },
      ],
      canary: true,
      signals: ["healthy"],
      logs: true,
      operatorReplay: true,
      owned: true,
      ...system,
    },
  };
}

type Loose = EventBody & { attempt?: number; faults?: number[]; phase?: Phase };

export interface SubmitOptions {
  attempt?: number;
  idempotencyKey?: string;
  bodyHash?: string;
  status?: number;
  retryAfterMs?: number;
  faults?: number[];
  /** Milliseconds until the reply, or until it broke off. */
  takes?: number;
  /** Never replied: who cut it, or `open` for ever. */
  cut?: "client" | "partner" | "open";
  /** Default: accepted on a 2xx first attempt, replayed on later ones. */
  effect?: "accepted" | "replayed" | "refused" | "none";
  submission?: string;
}

export interface PollOptions {
  status?: number;
  faults?: number[];
  /** Milliseconds until the reply, or until it broke off. */
  takes?: number;
  /** Never replied: who cut it, or `open` for ever. */
  cut?: "client" | "partner" | "open";
}

export interface DeliveryOptions {
  delivery?: string;
  attempt?: number;
  claims?: string | null;
  signature?: "valid" | "forged" | "missing" | "stale" | "none";
  content?: "genuine" | "harmless" | "malformed" | "false";
  mutation?: string;
  field?: string;
  /** The key that it names instead. */
  reference?: string;
  faults?: number[];
  /** The stage that it reports; claims nothing unless told otherwise. */
  interim?: string;
  /** The stage whose report carries the result. */
  stage?: string;
  /** Answer of the system; null: none. Default 204. */
  answer?: number | null;
  body?: string;
}

export interface StartOptions {
  group?: Group;
  id?: string;
  value?: number;
  /** `failed`, `unknown`: how the start ended. */
  ends?: "ok" | "failed" | "unknown";
}

/** A history in the making. Every method returns the scene. */
export function scene(options: SceneOptions = {}) {
  const header = headerOf(options);
  const events: { t: number; body: Loose }[] = [];
  const shown = new Map<string, { word: string | null; effects?: number }>();
  let requests = 0;
  let deliveries = 0;

  const self = {
    add(t: number, body: Loose) {
      events.push({ t, body });
      return self;
    },
    phase(t: number, entered: Phase) {
      return self.add(t, { kind: "phase.entered", entered });
    },
    canary(t = 5) {
      for (const { name } of header.system.channels)
        self.alert(t, "test alert", { channel: name, canary: true });
      return self;
    },
    start(
      key: string,
      t: number,
      { group = "faulted", id = `id-${key}`, value, ends = "ok" }: StartOptions = {},
    ) {
      const priced = value === undefined ? {} : { value };
      self.add(t, { kind: "start.invoked", key, ordinal: shown.size + 1, group, body: {}, ...priced });
      if (ends === "failed")
        return self.add(t + 10, { kind: "start.failed", key, status: 502, reason: "bad gateway" });
      if (ends === "unknown") return self.add(t + 10, { kind: "start.unknown", key, reason: "timeout" });
      return self
        .add(t + 10, { kind: "start.ok", key, id, status: 202 })
        .state(key, t + 50, "submitted", t)
        .effects(key, t + 50, 0, t);
    },
    submit(key: string, t: number, submit: SubmitOptions = {}) {
      const {
        attempt = 1,
        idempotencyKey = `ik-${key}`,
        bodyHash = `hash-${key}`,
        status = 202,
        takes = 2,
        faults,
      } = submit;
      const effect = submit.effect ?? (status >= 400 ? "refused" : attempt === 1 ? "accepted" : "replayed");
      const request = `r${++requests}`;
      const shaped = faults ? { faults } : {};
      self.add(t, { kind: "submit.received", key, attempt, request, idempotencyKey, bodyHash, ...shaped });
      if (effect === "accepted") {
        self.add(t + 1, { kind: "submission.accepted", key, submission: submit.submission ?? `s-${key}` });
      }
      if (submit.cut === "open") return self;
      if (submit.cut) {
        const aborted = {
          kind: "submit.aborted",
          key,
          attempt,
          request,
          by: submit.cut,
          effect,
          reason: "cut",
        } as const;
        return self.add(t + takes, { ...aborted, ...shaped });
      }
      const wait = submit.retryAfterMs === undefined ? {} : { retryAfterMs: submit.retryAfterMs };
      return self.add(t + takes, {
        kind: "submit.replied",
        key,
        attempt,
        request,
        status,
        effect,
        ...wait,
        ...shaped,
      });
    },
    decide(key: string, t: number, outcome = "approved", submission = `s-${key}`) {
      const state = outcome === "rejected" ? "rejected" : "settled";
      return self.add(t, { kind: "submission.processed", key, submission, state, outcome });
    },
    deliver(key: string, t: number, options: DeliveryOptions = {}) {
      const {
        attempt = 1,
        claims = options.interim === undefined ? "approved" : null,
        signature = "valid",
        content = "genuine",
        answer = 204,
        body = "{}",
      } = options;
      const delivery = options.delivery ?? `d${++deliveries}`;
      self.add(t, {
        kind: "callback.sent",
        key,
        submission: `s-${key}`,
        delivery,
        event: `e-${key}`,
        attempt,
        claims,
        signature,
        content,
        url: "http://127.0.0.1/hook",
        body,
        ...(options.mutation === undefined ? {} : { mutation: options.mutation }),
        ...(options.field === undefined ? {} : { field: options.field }),
        ...(options.interim === undefined ? {} : { stage: options.interim, interim: true }),
        ...(options.stage === undefined ? {} : { stage: options.stage }),
        ...(options.reference === undefined ? {} : { reference: options.reference }),
        ...(options.faults ? { faults: options.faults } : {}),
      });
      if (answer === null)
        return self.add(t + 5, { kind: "callback.unanswered", key, delivery, attempt, reason: "reset" });
      const kind = answer < 300 ? ("callback.acked" as const) : ("callback.refused" as const);
      return self.add(t + 5, { kind, key, delivery, attempt, status: answer });
    },
    poll(
      key: string,
      t: number,
      outcome: string | null = "approved",
      { status = 200, faults, cut, takes = 2 }: PollOptions = {},
    ) {
      const request = `q${++requests}`;
      const about = { key, attempt: requests, request, submission: `s-${key}` };
      const state = outcome === null ? ("processing" as const) : ("settled" as const);
      const shaped = faults ? { faults } : {};
      self.add(t, { kind: "status.asked", ...about, ...(cut && shaped) });
      if (cut === "open") return self;
      if (cut)
        return self.add(t + takes, { kind: "status.aborted", ...about, by: cut, reason: "cut", ...shaped });
      return self.add(t + takes, { kind: "status.replied", ...about, status, state, outcome, ...shaped });
    },
    /** `since` defaults to 100 ms before. A word that is not listed has no meaning; null is unreadable. */
    state(key: string, t: number, word: string | null, since = t - 100) {
      const means = word === null ? null : (MEANS[word] ?? null);
      const error = means === null ? { error: "HTTP 500" } : {};
      shown.set(key, { ...shown.get(key), word });
      return self.add(t, { kind: "system.state", key, state: word, means, since, ...error });
    },
    effects(key: string, t: number, effects: number, since = t - 100) {
      shown.set(key, { ...(shown.get(key) ?? { word: null }), effects });
      return self.add(t, { kind: "system.effects", key, effects, since });
    },
    /** Settled, with the effects that the outcome calls for. */
    settle(key: string, t: number, word = "paid", since = t - 100) {
      return self.state(key, t, word, since).effects(key, t, word === "paid" ? 1 : 0, since);
    },
    fire(key: string, t: number, { fault = 0, attempt = 1 } = {}) {
      return self.add(t, {
        kind: "fault.fired",
        fault,
        point: header.faults[fault]?.point ?? "submit",
        key,
        attempt,
      });
    },
    alert(
      t: number,
      text: string,
      options: {
        channel?: string;
        alert?: string;
        canary?: boolean;
        repeat?: boolean;
        severity?: string;
      } = {},
    ) {
      const { channel = "claimsOps", alert = text, canary = false, repeat = false, severity } = options;
      const level = severity === undefined ? {} : { severity };
      return self.add(t, { kind: "alert.fired", channel, alert, text, canary, repeat, ...level });
    },
    resolve(t: number, alert: string, channel = "onCall") {
      return self.add(t, { kind: "alert.resolved", channel, alert, text: "resolved" });
    },
    signal(
      t: number,
      healthy: boolean | null,
      {
        name = "healthy",
        since = t - 100,
        value = healthy,
      }: { name?: string; since?: number; value?: number | boolean | null } = {},
    ) {
      return self.add(t, { kind: "system.signal", name, value, healthy, since });
    },
    log(key: string, t: number, line: string) {
      return self.add(t, { kind: "system.log", line, stream: "stderr", keys: [key] });
    },
    /** A whole transaction that goes well: started, submitted, decided after 200 ms, reported, settled after 350 ms. */
    happy(key: string, t: number, group: Group = "control", outcome = "approved") {
      self
        .start(key, t, { group })
        .submit(key, t + 20)
        .decide(key, t + 220, outcome);
      return self
        .deliver(key, t + 221, { claims: outcome })
        .settle(key, t + 350, outcome === "approved" ? "paid" : outcome);
    },
    /** The last samples of everything that was ever shown, and the end of the history. */
    end(t: number) {
      for (const [key, { word, effects }] of shown) {
        const means = word === null ? null : (MEANS[word] ?? null);
        const error = means === null ? { error: "HTTP 500" } : {};
        self.add(t, { kind: "system.state", key, state: word, means, since: t - 100, final: true, ...error });
        if (effects !== undefined)
          self.add(t, { kind: "system.effects", key, effects, since: t - 100, final: true });
      }
      return self;
    },
    history(): History {
      return { header, events: stamp(events) };
    },
  };
  return self;
}

/** In order of time; what happened at the same time stays in the order in which it was added. */
function stamp(events: readonly { t: number; body: Loose }[]): HistoryEvent[] {
  let phase: Phase = "baseline";
  return [...events]
    .sort((a, b) => a.t - b.t)
    .map(({ t, body }, index) => {
      if (body.kind === "phase.entered") phase = body.entered;
      return { seq: index + 1, t, phase, source: sourceOf(body.kind), ...body } as HistoryEvent;
    });
}

function sourceOf(kind: EventBody["kind"]): Source {
  if (kind.startsWith("start.")) return "driver";
  if (kind.startsWith("system.")) return "watcher";
  if (kind.startsWith("alert.")) return "inbox";
  return kind.startsWith("phase.") ? "runner" : "partner";
}
