// A partner for tests, met through real HTTP: its contract, its history, a client, and a short way to arm faults.
import { Agent, type Dispatcher, request } from "undici";
import * as z from "zod";
import type { EventKind, EventOf } from "../../history/event.ts";
import { createHistoryLog, type HistoryLog } from "../../history/history.ts";
import { createClock } from "../../lib/clock.ts";
import { until } from "../../lib/wait.ts";
import { contractSchema } from "../contract/contract.ts";
import { faultUseSchema } from "../faults/index.ts";
import { type Partner, type PartnerOptions, startPartner } from "../partner.ts";
import { createPlan, type Plan } from "../plan/plan.ts";
import { resolveSchedule } from "../plan/resolve.ts";
import type { PlannedTransaction } from "../plan/schedule.ts";

export const TOKEN = "acme-test-token";

/** A contract as users write it: quick, signed, with status and idempotency, and no callback. */
export const CONTRACT = {
  name: "Acme",
  auth: { bearer: TOKEN },
  submit: {
    post: "/v1/claims",
    key: "body.reference",
    idempotency: { header: "Idempotency-Key" },
    reply: { status: 202, json: { id: "{{ submission.id }}", status: "{{ submission.state }}" } },
  },
  process: { takes: "20ms..40ms", outcomes: { approved: "90%", denied: "10%" }, promises: "200ms" },
  status: {
    get: "/v1/claims/:id",
    reply: {
      json: {
        id: "{{ submission.id }}",
        status: "{{ submission.state }}",
        outcome: "{{ submission.outcome }}",
      },
    },
  },
};

export interface Answered {
  status: number;
  headers: Dispatcher.ResponseData["headers"];
  text: string;
  // What a test reads from a JSON body.
  json: Record<string, unknown>;
}

export interface SubmitOptions {
  headers?: Record<string, string>;
  /** The idempotency key; default: derived from the reference. */
  idempotencyKey?: string;
  body?: string;
  timeoutMs?: number;
}

export interface TestPartner extends AsyncDisposable {
  partner: Partner;
  history: HistoryLog;
  submit(reference: string, options?: SubmitOptions): Promise<Answered>;
  status(id: string): Promise<Answered>;
  /** Arms faults written as in YAML. `transactions`: planned ones, K1 to Kn; none = a partner without a driver. */
  arm(faults: unknown[], transactions?: number): Promise<Plan>;
  /** Events of a kind, in order. */
  events<K extends EventKind>(kind: K): EventOf<K>[];
  /** True when everything is over within ten seconds. */
  settles(): Promise<boolean>;
  /** Waits for the nth event of a kind. */
  event<K extends EventKind>(kind: K, nth?: number): Promise<EventOf<K>>;
}

export async function startTestPartner(
  contract: Record<string, unknown> = CONTRACT,
  options: Partial<PartnerOptions> = {},
): Promise<TestPartner> {
  const clock = createClock();
  const history = createHistoryLog({ clock });
  const partner = await startPartner({
    contract: contractSchema.parse(contract),
    clock,
    history,
    seed: "seed",
    ...options,
  });
  const { ca } = partner;
  const agent = new Agent({ connections: 16, ...(ca !== undefined && { connect: { ca } }) });
  const events = <K extends EventKind>(kind: K) =>
    history.events.filter((event): event is EventOf<K> => event.kind === kind);

  async function call(
    path: string,
    init: Parameters<typeof request>[1] & { timeoutMs?: number },
  ): Promise<Answered> {
    const { timeoutMs = 10_000, ...rest } = init;
    const response = await request(`${partner.url}${path}`, {
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      ...rest,
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, text, json: parse(text) };
  }

  return {
    partner,
    history,
    events,
    submit: (reference, { headers, idempotencyKey = `key-${reference}`, body, timeoutMs = 10_000 } = {}) =>
      call("/v1/claims", {
        method: "POST",
        headers: {
          authorization: `Bearer ${TOKEN}`,
          "content-type": "application/json",
          "idempotency-key": idempotencyKey,
          ...headers,
        },
        body: body ?? JSON.stringify({ reference }),
        timeoutMs,
      }),
    status: (id) =>
      call(`/v1/claims/${id}`, { method: "GET", headers: { authorization: `Bearer ${TOKEN}` } }),
    async arm(faults, transactions = 0) {
      const schedule = await resolveSchedule({
        seed: "seed",
        scenario: "test",
        faults: z.array(faultUseSchema).parse(faults),
        transactions: plannedTransactions(transactions),
      });
      const plan = createPlan({
        schedule,
        clock,
        history,
        ordinalOf: options.ordinalOf ?? (() => undefined),
      });
      await partner.arm(plan);
      return plan;
    },
    settles: () => until(() => partner.isQuiet(), { withinMs: 10_000, everyMs: 5 }),
    async event(kind, nth = 1) {
      if (!(await until(() => events(kind).length >= nth, { withinMs: 10_000, everyMs: 5 }))) {
        throw new Error(
          `no ${kind} number ${nth}; there are ${history.events.map((event) => event.kind).join(", ")}`,
        );
      }
      const found = events(kind)[nth - 1];
      if (!found) throw new Error("unreachable");
      return found;
    },
    async [Symbol.asyncDispose]() {
      await agent.destroy();
      await partner.close();
    },
  };
}

function plannedTransactions(count: number): PlannedTransaction[] {
  return Array.from({ length: count }, (_, i) => ({ ordinal: i + 1, control: false, start: {} }));
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** The code of the error that a call meets, such as ECONNRESET; `none` when it succeeds. */
export async function errorCodeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "none";
  } catch (cause) {
    const { code, name } = cause as NodeJS.ErrnoException;
    return code === undefined || typeof code === "number" ? name : code;
  }
}
