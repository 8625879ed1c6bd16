// Drives business transactions through the system, one start request each, at a steady rate.
import type { Dispatcher } from "undici";
import type { HistoryLog } from "../../history/history.ts";
import { dataFunctions } from "../../lib/business-data.ts";
import { compileExpression } from "../../lib/expression.ts";
import { compileTemplate } from "../../lib/template.ts";
import { sleep } from "../../lib/wait.ts";
import type { Workflow } from "../../scenarios/types.ts";
import { type CallReply, compileCall } from "../http-call.ts";
import type { Transaction } from "./transactions.ts";

export interface DriverOptions {
  workflow: Workflow;
  seed: string;
  baseUrl: () => string;
  history: HistoryLog;
  dispatcher?: Dispatcher;
  /** Names for expressions besides `transaction`, such as partner and alerts. */
  names: Record<string, unknown>;
  /** Called right before a start request goes out. */
  onStart?: (transaction: Transaction) => void;
  /** Awaited before each start: while the harness itself keeps the system down, nobody could be taken. */
  untilUp?: () => Promise<void>;
  signal: AbortSignal;
}

export interface Driver {
  /** Starts them at `rate` a second and resolves when every start request was answered or given up. */
  drive(transactions: readonly Transaction[], rate: number): Promise<void>;
  /** What would be sent to start it: the same text each time. */
  preview(transaction: Transaction): Promise<unknown>;
  /** Every transaction that the system took or may have taken, with the system's id for it. */
  started(): Started[];
  /** What an operator does about one transaction; the HTTP status, or null when no answer came. */
  replay(key: string): Promise<void>;
}

export interface Started {
  key: string;
  id: string;
}

/** A start request that takes longer than this counts as unanswered: it may or may not have happened. */
const START_TIMEOUT_MS = 10_000;

export function createDriver(options: DriverOptions): Driver {
  const { workflow, seed, history, dispatcher, signal } = options;
  const start = compileCall(workflow.start);
  const replay = workflow.replay && compileCall(workflow.replay);
  const id = compileExpression(workflow.start.id ?? "transaction.key");
  const value = workflow.value === undefined ? undefined : compileExpression(workflow.value);
  const sentTemplate = compileTemplate(
    workflow.start.json ?? workflow.start.form ?? workflow.start.body ?? null,
  );
  const started = new Map<string, Started>();

  const scopeOf = (transaction: { key: string; ordinal?: number; id?: string }) => ({
    values: { ...options.names, transaction: { id: transaction.key, ...transaction } },
    functions: dataFunctions(seed, transaction.key),
  });
  const send = (call: typeof start, scope: ReturnType<typeof scopeOf>) =>
    call.send({
      baseUrl: options.baseUrl(),
      scope,
      timeoutMs: START_TIMEOUT_MS,
      signal,
      ...(dispatcher && { dispatcher }),
    });

  const driver: Driver = {
    preview: async (transaction) => sentTemplate.render(scopeOf(transaction)),
    started: () => [...started.values()],

    async drive(transactions, rate) {
      const begin = performance.now();
      const running = transactions.map(async (transaction, i) => {
        const wait = begin + (i * 1_000) / rate - performance.now();
        if (wait > 0 && !(await sleep(wait, signal))) return;
        await startOne(transaction);
      });
      await Promise.all(running);
    },

    async replay(key) {
      const known = started.get(key);
      if (!replay || !known) return;
      const event = { source: "driver", kind: "operator.replayed", key } as const;
      try {
        const { status } = await send(replay, scopeOf(known));
        history.append({ ...event, status });
      } catch (cause) {
        history.append({ ...event, status: null, reason: reasonOf(cause) });
      }
    },
  };
  return driver;

  async function startOne(transaction: Transaction): Promise<void> {
    const { key, ordinal, group } = transaction;
    const scope = scopeOf(transaction);
    const body = await sentTemplate.render(scopeOf(transaction));
    const worth = value && Number(await value.evaluate({ values: { ...scope.values, start: body } }));
    await options.untilUp?.();
    options.onStart?.(transaction);
    history.append({
      source: "driver",
      kind: "start.invoked",
      key,
      ordinal,
      group,
      body,
      ...(worth !== undefined && Number.isFinite(worth) && { value: worth }),
    });
    try {
      await record(transaction, await send(start, scope));
    } catch (cause) {
      // Ended by the harness itself: that says nothing about the system.
      if (signal.aborted) return;
      // Refused by the operating system: the request was never read. Anything else may have happened.
      const kind = isRefused(cause) ? "start.failed" : "start.unknown";
      if (kind === "start.unknown") started.set(key, { key, id: key });
      history.append(
        kind === "start.failed"
          ? { source: "driver", kind, key, status: 0, reason: reasonOf(cause) }
          : { source: "driver", kind, key, reason: reasonOf(cause) },
      );
    }
  }

  async function record({ key, ordinal }: Transaction, response: CallReply): Promise<void> {
    const { status } = response;
    if (status < 200 || status > 299) {
      const reason = typeof response.body === "string" ? response.body : JSON.stringify(response.body);
      history.append({ source: "driver", kind: "start.failed", key, status, reason: reason.slice(0, 300) });
      return;
    }
    const found = await id.evaluate({ values: { response, transaction: { key, ordinal, id: key } } });
    if (found === undefined || found === null) {
      history.append({
        source: "driver",
        kind: "start.failed",
        key,
        status,
        reason: `workflow.start.id: "${id.source}" finds nothing in the answer`,
      });
      return;
    }
    started.set(key, { key, id: String(found) });
    history.append({ source: "driver", kind: "start.ok", key, id: String(found), status });
  }
}

function isRefused(cause: unknown): boolean {
  return cause instanceof Error && (cause as NodeJS.ErrnoException).code === "ECONNREFUSED";
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === "TimeoutError") return `no answer within ${START_TIMEOUT_MS / 1_000} s`;
  const code = (cause as NodeJS.ErrnoException).code;
  return code ? `${code}: ${cause.message}` : cause.message;
}
