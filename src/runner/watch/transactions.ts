// Watches what the system shows about each transaction: its state and its effects, by asking again and again.
import type { Dispatcher } from "undici";
import type { Means } from "../../history/event.ts";
import type { HistoryLog } from "../../history/history.ts";
import { compileExpression, type Expression } from "../../lib/expression.ts";
import type { Problem } from "../../lib/problem.ts";
import { suggest } from "../../lib/suggest.ts";
import type { Config, Workflow } from "../../scenarios/types.ts";
import { type CallReply, type CompiledCall, compileCall } from "../http-call.ts";
import { reasonOf } from "./failure.ts";
import { createObservation, type Observation } from "./observation.ts";
import { startSampler } from "./sampler.ts";

export interface TransactionWatchOptions {
  config: Pick<Config, "file" | "workflow">;
  baseUrl: () => string;
  /** Every transaction that is known to the system by now. */
  transactions: () => readonly WatchedTransaction[];
  /** Names for expressions besides `transaction`. */
  names?: Record<string, unknown>;
  history: HistoryLog;
  dispatcher?: Dispatcher;
  /** Milliseconds between two looks at one transaction. Default 200 until it is settled, then 750. */
  intervalMs?: { unsettled: number; settled: number };
  /** A mistake in the configuration that shows only now, such as a state that `means` does not list. Once each. */
  onProblem?: (problem: Problem) => void;
}

export interface WatchedTransaction {
  key: string;
  id: string;
}

export interface TransactionWatch {
  /** What the latest sample said; null when it could not be read, undefined before the first. */
  stateOf(key: string): Means | null | undefined;
  /** One more sample of each. `final`: reported although nothing changed. */
  sampleAll(options: { final: boolean }): Promise<void>;
  stop(): Promise<void>;
}

const INTERVAL_MS = { unsettled: 200, settled: 750 };
const CONCURRENCY = 8;
const TIMEOUT_MS = 2_000;

interface Sight {
  state: string | null;
  means: Means | null;
  error?: string;
}

interface Watched {
  id: string;
  states: Observation<Sight>;
  effects: Observation<number>;
}

/** Without `workflow.inspect` nothing can be watched: the returned watch knows nothing and asks nothing. */
export function watchTransactions(options: TransactionWatchOptions): TransactionWatch {
  const { inspect } = options.config.workflow;
  return inspect ? watch(options, inspect) : blind;
}

const blind: TransactionWatch = {
  stateOf: () => undefined,
  sampleAll: async () => {},
  stop: async () => {},
};

function watch(options: TransactionWatchOptions, inspect: Inspect): TransactionWatch {
  const { history, transactions, intervalMs = INTERVAL_MS } = options;
  const call = compileCall(inspect.call);
  const read = createReader(options, inspect);
  const invokedAt = new Map<string, number>();
  const watched = new Map<string, Watched>();
  const ended = new AbortController();
  const note = (event: HistoryLog["events"][number]) => {
    if (event.kind === "start.invoked") invokedAt.set(event.key, event.t);
  };
  history.events.forEach(note);
  const unsubscribe = history.subscribe(note);
  const sampler = startSampler({
    items: () => transactions().map(adopt),
    everyMs: (key) =>
      watched.get(key)?.states.latest?.means?.kind === "settled" ? intervalMs.settled : intervalMs.unsettled,
    sample,
    concurrency: CONCURRENCY,
  });

  return {
    stateOf: (key) => watched.get(key)?.states.latest?.means,
    sampleAll: ({ final }) => sampler.all(final),
    async stop() {
      unsubscribe();
      ended.abort();
      await sampler.stop();
    },
  };

  function adopt({ key, id }: WatchedTransaction): string {
    const known = watched.get(key);
    if (known) known.id = id;
    else {
      // Before it was started it had no state, so its first state appeared after that.
      const beginning = invokedAt.get(key) ?? history.now();
      watched.set(key, { id, states: createObservation(beginning), effects: createObservation(beginning) });
    }
    return key;
  }

  async function sample(key: string, last: boolean): Promise<void> {
    const entry = watched.get(key);
    if (!entry) return;
    const began = history.now();
    const { sight, effects } = await look(call, key, entry.id);
    if (ended.signal.aborted) return;
    const readable = sight.means !== null;
    const state = entry.states.see({ value: sight, began, readable }, { force: last });
    const final = last ? ({ final: true } as const) : {};
    if (state) {
      history.append({
        source: "watcher",
        kind: "system.state",
        key,
        ...state.value,
        since: state.since,
        ...final,
      });
    }
    if (effects === undefined) return;
    const count = entry.effects.see({ value: effects, began, readable: true }, { force: last });
    if (count) {
      history.append({
        source: "watcher",
        kind: "system.effects",
        key,
        effects: count.value,
        since: count.since,
        ...final,
      });
    }
  }

  async function look(inspectCall: CompiledCall, key: string, id: string): Promise<Seen> {
    try {
      const reply = await inspectCall.send({
        baseUrl: options.baseUrl(),
        scope: { values: { ...options.names, transaction: { key, id } } },
        timeoutMs: TIMEOUT_MS,
        signal: ended.signal,
        ...(options.dispatcher && { dispatcher: options.dispatcher }),
      });
      return await read(reply);
    } catch (cause) {
      return { sight: unreadable(reasonOf(cause, TIMEOUT_MS)) };
    }
  }
}

type Inspect = NonNullable<Workflow["inspect"]>;
interface Seen {
  sight: Sight;
  effects?: number;
}

/** From the system's answer to what it says about the transaction. */
function createReader({ config, onProblem }: TransactionWatchOptions, inspect: Inspect) {
  const state = compileExpression(inspect.state);
  const effects = inspect.effects === undefined ? undefined : compileExpression(inspect.effects);
  const judgesStatus = reads(state, "status");
  const told = new Set<string>();

  return async ({ status, headers, body }: CallReply): Promise<Seen> => {
    if ((status < 200 || status > 299) && !judgesStatus) return { sight: unreadable(`HTTP ${status}`) };
    const scope = { values: { status, headers, body } };
    const sight = meaning(await state.evaluate(scope));
    if (sight.means === null || !effects) return { sight };
    const count = await effects.evaluate(scope);
    if (typeof count === "number" && Number.isFinite(count)) return { sight, effects: count };
    tell({
      path: "workflow.inspect.effects",
      message: `"${effects.source}" gives ${JSON.stringify(count) ?? "nothing"} where a number is expected`,
      hint: "count with $count(…), which is 0 for what is missing",
    });
    return { sight };
  };

  function meaning(found: unknown): Sight {
    if (found === undefined || found === null || typeof found === "object") {
      return unreadable(`workflow.inspect.state: "${state.source}" finds no state in the answer`);
    }
    const word = String(found);
    const means = Object.hasOwn(inspect.means, word) ? inspect.means[word] : undefined;
    if (means) return { state: word, means };
    const message = `state "${word.slice(0, 100)}" is not listed in workflow.inspect.means`;
    const near = suggest(word, Object.keys(inspect.means));
    tell({
      path: "workflow.inspect.means",
      message,
      hint: near === undefined ? "add it" : `add it, or did you mean "${near}"?`,
    });
    return { state: word.slice(0, 100), means: null, error: `${message}; add it` };
  }

  function tell(problem: Omit<Problem, "file">): void {
    if (told.has(problem.message)) return;
    told.add(problem.message);
    onProblem?.({ file: config.file, ...problem });
  }
}

function unreadable(error: string): Sight {
  return { state: null, means: null, error };
}

function reads(expression: Expression, name: string): boolean {
  return expression.paths.some(([first]) => first === name);
}
