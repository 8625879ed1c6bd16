// Watches the health and metric readings that the system exposes, and whether it answers at all.
import type { Dispatcher } from "undici";
import type { HistoryLog } from "../../history/history.ts";
import { compileExpression } from "../../lib/expression.ts";
import type { Signal } from "../../scenarios/types.ts";
import { type CallReply, compileCall } from "../http-call.ts";
import { reasonOf } from "./failure.ts";
import { createObservation } from "./observation.ts";
import { parseMetrics, parseSelector, sumMatching } from "./prometheus.ts";
import { startSampler } from "./sampler.ts";

export interface SignalWatchOptions {
  signals: readonly Signal[];
  /** Path of the readiness check: watched as the signal `ready`, unless there is one of that name. */
  readyPath: string;
  baseUrl: () => string;
  names?: Record<string, unknown>;
  history: HistoryLog;
  dispatcher?: Dispatcher;
  /** Milliseconds between two readings. Default 400. */
  intervalMs?: number;
}

export interface SignalWatch {
  sampleAll(options: { final: boolean }): Promise<void>;
  stop(): Promise<void>;
}

const INTERVAL_MS = 400;
const CONCURRENCY = 8;
const TIMEOUT_MS = 2_000;
const MAX_TEXT = 200;

export interface Reading {
  value: number | string | boolean | null;
  healthy: boolean | null;
  error?: string;
}

/** Throws ExpressionError or MetricsError when a signal's expression or selector does not parse. */
export function watchSignals(options: SignalWatchOptions): SignalWatch {
  const { history, signals, intervalMs = INTERVAL_MS } = options;
  const ended = new AbortController();
  const readers = new Map(
    signals.map((signal) => [signal.name, createReader(signal, options, ended.signal)]),
  );
  if (!readers.has(READY)) readers.set(READY, readyReader(options, ended.signal));
  const beginning = history.now();
  const observations = new Map(
    [...readers.keys()].map((name) => [name, createObservation<Reading>(beginning)]),
  );
  const names = [...readers.keys()];
  const sampler = startSampler({
    items: () => names,
    everyMs: () => intervalMs,
    concurrency: CONCURRENCY,
    async sample(name, last) {
      const began = history.now();
      const reading = await readers.get(name)?.();
      if (!reading || ended.signal.aborted) return;
      const readable = reading.value !== null;
      const news = observations.get(name)?.see({ value: reading, began, readable }, { force: last });
      if (!news) return;
      const final = last ? ({ final: true } as const) : {};
      history.append({
        source: "watcher",
        kind: "system.signal",
        name,
        ...news.value,
        since: news.since,
        ...final,
      });
    },
  });
  return {
    sampleAll: ({ final }) => sampler.all(final),
    async stop() {
      ended.abort();
      await sampler.stop();
    },
  };
}

/** The implicit signal: does the readiness check answer, and with what? What it answers is no health claim. */
const READY = "ready";

type Read = () => Promise<Reading>;

function readyReader(options: SignalWatchOptions, signal: AbortSignal): Read {
  const call = { method: "GET", path: options.readyPath, headers: {} } as const;
  return ask(call, options, signal, async ({ status }) => ({ value: status, healthy: null }));
}

function createReader(signal: Signal, options: SignalWatchOptions, ended: AbortSignal): Read {
  const value = compileValue(signal);
  const healthy = signal.healthy === undefined ? undefined : compileExpression(signal.healthy);
  return ask(signal.call, options, ended, async (reply) => {
    const found = await value(reply);
    if (found === undefined || found === null || typeof found === "object") {
      return { value: null, healthy: null, error: `signals.${signal.name}: the answer holds no such value` };
    }
    const plain = plainValue(found);
    if (!healthy) return { value: plain, healthy: typeof plain === "boolean" ? plain : null };
    const { status, headers, body } = reply;
    const verdict = await healthy.evaluate({ values: { value: found, status, headers, body } });
    return { value: plain, healthy: verdict === undefined ? null : verdict === true };
  });
}

/** From the answer to the value: an expression, a metric, or, with neither, whether the answer was 2xx. */
function compileValue({ value, metric, name }: Signal): (reply: CallReply) => unknown {
  if (metric !== undefined) {
    const selector = parseSelector(metric);
    return ({ status, body }) => {
      if (!isSuccess(status)) throw new Error(`HTTP ${status}`);
      const sum = sumMatching(parseMetrics(String(body)), selector);
      if (sum === undefined) throw new Error(`signals.${name}: no sample matches ${metric}`);
      return sum;
    };
  }
  if (value === undefined) return ({ status }) => isSuccess(status);
  const expression = compileExpression(value);
  return ({ status, headers, body }) => expression.evaluate({ values: { status, headers, body } });
}

function ask(
  call: Signal["call"],
  { baseUrl, names, dispatcher }: SignalWatchOptions,
  signal: AbortSignal,
  read: (reply: CallReply) => Promise<Reading>,
): Read {
  const compiled = compileCall(call);
  return async () => {
    try {
      const scope = { values: { ...names } };
      const reply = await compiled.send({
        baseUrl: baseUrl(),
        scope,
        timeoutMs: TIMEOUT_MS,
        signal,
        ...(dispatcher && { dispatcher }),
      });
      return await read(reply);
    } catch (cause) {
      return { value: null, healthy: null, error: reasonOf(cause, TIMEOUT_MS) };
    }
  };
}

/** NaN and the infinities are no JSON: they stay readable as text. */
function plainValue(found: unknown): number | string | boolean {
  if (typeof found === "boolean") return found;
  if (typeof found === "number") return Number.isFinite(found) ? found : String(found);
  return String(found).slice(0, MAX_TEXT);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}
