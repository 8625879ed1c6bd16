// The shared language: everything that happens in a scenario run is one of these events.

export type Phase = "baseline" | "fault" | "heal" | "drain";
export type Source = "runner" | "partner" | "driver" | "watcher" | "inbox" | "system";

/** How a delivery was signed: by the contract, with a wrong key, not at all although promised, or with an old timestamp. `none`: the contract signs nothing. */
export type Signature = "valid" | "forged" | "missing" | "stale" | "none";

/** What a delivery carries: the honest result; a harmless variation; a broken one; a lie about the outcome. */
export type Content = "genuine" | "harmless" | "malformed" | "false";

/** One way in which a payload can be broken; without a field it is about the whole body. */
export interface Mutant {
  mutation: string;
  /** Dotted path. */
  field?: string;
}

/** What the state of the system means: still working, surfaced to people, or settled as one of the partner's outcomes. */
export type Means = { kind: "pending" } | { kind: "attention" } | { kind: "settled"; outcome: string };

/** State of a submission in the partner's ledger. */
export type SubmissionState = "accepted" | "processing" | "settled" | "rejected" | "lost";

/** Fields that every event carries. */
export interface Stamp {
  /** 1, 2, 3… in order of happening. */
  seq: number;
  /** Milliseconds since the run's start on one monotonic clock. */
  t: number;
  phase: Phase;
  source: Source;
  /** The transaction that it is about. */
  key?: string;
  /** 1-based count at this transaction and fault point. */
  attempt?: number;
  /** Indexes (in the header's `faults`) of the faults that shaped what happened. */
  faults?: number[];
}

/** What distinguishes one kind of event from another. `key` is required where the kind is about one transaction. */
export type EventBody =
  // The driver: one business transaction each.
  | { kind: "start.invoked"; key: string; ordinal: number; group: Group; body: unknown; value?: number }
  /** The system took it; `id` is the system's own id. */
  | { kind: "start.ok"; key: string; id: string; status: number }
  /** The system answered with a refusal. */
  | { kind: "start.failed"; key: string; status: number; reason: string }
  /** No answer came: it may or may not have happened. */
  | { kind: "start.unknown"; key: string; reason: string }
  // The partner receives. `badCertificate`: the client had been shown this one (expired, untrusted, wrong-host) before.
  | {
      kind: "submit.received";
      key: string;
      attempt: number;
      request: string;
      idempotencyKey?: string;
      bodyHash: string;
      badCertificate?: string;
    }
  /** `accepted`: in the ledger now; `replayed`: same idempotency key, same reply; `refused`: not taken. */
  | {
      kind: "submit.replied";
      key: string;
      attempt: number;
      request: string;
      status: number;
      effect: SubmitEffect;
      retryAfterMs?: number;
      malformed?: boolean;
    }
  /** The request ended without a complete reply: cut by the partner, or given up by the client. */
  | {
      kind: "submit.aborted";
      key: string;
      attempt: number;
      request: string;
      by: "client" | "partner";
      effect: SubmitEffect;
      reason: string;
    }
  | { kind: "submission.accepted"; key: string; submission: string; ordinal?: number }
  /** It reached a stage of the contract before the last one: still no result. */
  | { kind: "submission.advanced"; key: string; submission: string; stage: string }
  | {
      kind: "submission.processed";
      key: string;
      submission: string;
      state: SubmissionState;
      outcome: string | null;
      reason?: string;
      byHand?: true;
    }
  | { kind: "submission.lost"; key: string; submission: string; byHand?: true }
  /** Taken out of the works by hand: it stays in process until a hand settles or loses it. */
  | { kind: "submission.stuck"; key: string; submission: string }
  /** A connection with a bad certificate ended without a request, as it should. */
  | { kind: "connection.abandoned"; badCertificate: string }
  // The partner reports. `delivery` names one try-until-acknowledged, `attempt` counts its tries, `event` is the id that the receiver sees.
  | {
      kind: "callback.scheduled";
      key: string;
      submission: string;
      delivery: string;
      event: string;
      stage?: string;
      dueMs: number;
    }
  | {
      kind: "callback.sent";
      key: string;
      submission: string;
      delivery: string;
      event: string;
      attempt: number;
      /** The contract's stage that it reports; absent without stages. */
      stage?: string;
      /** It reports a stage before the last: there is no outcome yet, and so it claims none. */
      interim?: true;
      claims: string | null;
      signature: Signature;
      /** Which secrets signed it, while they are rotated; absent: the one in force. */
      signedWith?: "next" | "both";
      content: Content;
      mutation?: string;
      field?: string;
      /** The key that its payload carries instead of the transaction's own. */
      reference?: string;
      /** Default POST. */
      method?: string;
      url: string;
      body: string;
    }
  | { kind: "callback.acked"; key: string; delivery: string; attempt: number; status: number }
  | {
      kind: "callback.refused";
      key: string;
      delivery: string;
      attempt: number;
      status: number;
      retryAfterMs?: number;
    }
  | { kind: "callback.unanswered"; key: string; delivery: string; attempt: number; reason: string }
  /** A report that the contract promises and that will not be sent (any more). */
  | {
      kind: "callback.withheld";
      key: string;
      submission: string;
      delivery?: string;
      stage?: string;
      reason: string;
    }
  | {
      kind: "status.asked";
      key: string;
      attempt: number;
      request: string;
      submission: string;
      badCertificate?: string;
    }
  | {
      kind: "status.replied";
      key: string;
      attempt: number;
      request: string;
      submission: string;
      status: number;
      state?: SubmissionState;
      outcome?: string | null;
      retryAfterMs?: number;
    }
  /** The status request ended without a complete reply: cut by the partner, or given up by the client. */
  | {
      kind: "status.aborted";
      key: string;
      attempt: number;
      request: string;
      submission: string;
      by: "client" | "partner";
      reason: string;
    }
  // Access tokens belong to no transaction; they themselves are not kept.
  | { kind: "token.issued"; request: string; expiresInMs: number }
  /** `error` as RFC 6749, 5.2 names it. */
  | { kind: "token.refused"; request: string; status: number; error: string }
  // The watchers. A change seen at `t` happened in (since, t]; `since` is the time of the sample before.
  | {
      kind: "system.state";
      key: string;
      state: string | null;
      means: Means | null;
      since: number;
      error?: string;
      final?: true;
    }
  | { kind: "system.effects"; key: string; effects: number; since: number; final?: true }
  /** `healthy` is null for a signal that carries a number only. `value` null: it could not be read. */
  | {
      kind: "system.signal";
      name: string;
      value: number | string | boolean | null;
      healthy: boolean | null;
      since: number;
      error?: string;
      final?: true;
    }
  | { kind: "system.log"; line: string; stream: "stdout" | "stderr"; keys: string[] }
  | { kind: "system.started"; pid?: number; url: string; restart?: true }
  /** `expected`: the harness asked for it. */
  | {
      kind: "system.exited";
      code: number | null;
      signal: string | null;
      expected: boolean;
      logTail: string[];
    }
  /** The harness stopped its process (SIGSTOP), and let it go on (SIGCONT). */
  | { kind: "system.paused"; forMs: number }
  | { kind: "system.resumed" }
  /** After a crash that the harness brought about it did not become ready again. */
  | { kind: "system.stranded"; reason: string; logTail: string[] }
  // The alert inbox. `alert` identifies one open alert of a channel; a repeat with the same dedup key keeps it.
  | {
      kind: "alert.fired";
      channel: string;
      alert: string;
      severity?: string;
      text: string;
      canary: boolean;
      repeat: boolean;
    }
  | { kind: "alert.resolved"; channel: string; alert: string; text: string }
  /** The system sent something that the real service would refuse; with `faults`, something good that a fault refused. */
  | { kind: "alert.rejected"; channel: string; status: number; reason: string }
  | { kind: "operator.replayed"; key: string; status: number | null; reason?: string }
  /** The call that makes the system send its test alert went wrong: its channels stay unproven. */
  | { kind: "canary.failed"; reason: string }
  // The plan of faults. `fault` is the index in the header's `faults`.
  | { kind: "fault.armed"; fault: number; name?: string }
  /** The fault shaped something that the system could meet. `point`: where. */
  | { kind: "fault.fired"; fault: number; point: string; key: string; attempt: number }
  | { kind: "fault.disarmed"; fault: number }
  /** What a fault can make of the payloads, as far as it was not known before: what coverage is measured against. */
  | { kind: "payload.derived"; fault: number; mutants: Mutant[] }
  /** Ledger, keys and faults are as they were at the start. */
  | { kind: "partner.reset" }
  | { kind: "phase.entered"; entered: Phase }
  /** A note of the runner's about the quality of the evidence, such as a drain that ran into its deadline. */
  /** `cut`: by the harness's own doing, so what did not come until the end might still have come. */
  | { kind: "phase.incomplete"; reason: string; keys: string[]; cut?: true }
  /** The last event of a complete history; without it the harness ended before the scenario did. */
  | { kind: "run.ended" }
  /** The harness itself stood still for `ms` before this event. */
  | { kind: "harness.lag"; ms: number };

export type SubmitEffect = "accepted" | "replayed" | "refused" | "none";

/** Who a transaction belongs to: the baseline, the faulted ones, the spared control, or those driven after heal. */
export type Group = "baseline" | "faulted" | "control" | "probe";

export type HistoryEvent = Stamp & EventBody;
export type EventKind = EventBody["kind"];
export type EventOf<K extends EventKind> = Extract<HistoryEvent, { kind: K }>;

/** What a source hands in; seq, t and phase are stamped on append. */
export type NewEvent = EventBody & { source: Source; attempt?: number; faults?: number[] };
