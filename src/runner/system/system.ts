// The system under test: starts it, notices when it dies, stops it with everything that it started; or only attaches to it.
import { mkdir } from "node:fs/promises";
import type { HistoryLog } from "../../history/history.ts";
import type { Redact } from "../../lib/redact.ts";
import { sleep } from "../../lib/wait.ts";
import type { LogStream, SystemConfig } from "../../scenarios/types.ts";
import { type LogWatch, watchLogs } from "../watch/logs.ts";
import type { Nameable } from "../watch/mentions.ts";
import { type Instance, spawnInstance } from "./instance.ts";
import type { Place } from "./place.ts";
import { isTaken, waitUntilReady } from "./readiness.ts";
import {
  type Exit,
  exitedEarly,
  neverReady,
  portTaken,
  type StartFailure,
  startAborted,
} from "./start-failure.ts";

export interface StartSystemOptions {
  /** With its templates filled in: url, command and env are taken as they are. */
  config: SystemConfig;
  /** For a process: where it lives. The folder is created when it is missing. */
  place: Place;
  history: HistoryLog;
  /** Raw log file, and the streams whose lines are evidence. */
  logs: { file: string; from: readonly LogStream[] };
  /** Transactions that log lines may name. */
  transactions: () => readonly Nameable[];
  redact: Redact;
  /** Gives up the start. It does not stop a system that runs. */
  signal: AbortSignal;
}

export interface RunningSystem {
  ok: true;
  readonly url: string;
  /** Absent when attached. Another one after a restart. */
  readonly pid: number | undefined;
  isUp(): boolean;
  /** SIGKILL to everything, as when the power fails. The exit counts as expected. Nothing happens when attached. */
  crash(): Promise<void>;
  /** Starts it again in the same place with the same environment; crashes it before if it is up. */
  restart(): Promise<RunningSystem | StartFailure>;
  /** SIGSTOP for a while, then SIGCONT. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Politely, then by force; nothing of it is left afterwards. May be called twice. */
  stop(): Promise<void>;
  /** Its last 40 lines of output. */
  logTail(): string[];
}

/** How long the last output of a dead process is waited for; grandchildren may hold the pipe open for ever. */
const LAST_WORDS_MS = 250;

/** Mistakes of the user's come back as values: what happened, what to do, and the last lines that it wrote. */
export async function startSystem(options: StartSystemOptions): Promise<RunningSystem | StartFailure> {
  const { config, place } = options;
  if (config.kind === "attached") return attach(options);
  await mkdir(place.dir, { recursive: true });
  return runProcess(options, config);
}

async function attach({
  config,
  history,
  signal,
}: StartSystemOptions): Promise<RunningSystem | StartFailure> {
  const { url } = config;
  const readyUrl = new URL(config.ready.get, url).href;
  const readiness = await waitUntilReady({ url: readyUrl, withinMs: config.ready.withinMs, signal });
  if (!readiness.ready) {
    return signal.aborted
      ? startAborted([])
      : neverReady(readyUrl, config.ready.withinMs, readiness.lastAnswer, []);
  }
  history.append({ source: "system", kind: "system.started", url });
  const system: RunningSystem = {
    ok: true,
    url,
    pid: undefined,
    isUp: () => true,
    crash: async () => {},
    restart: async () => system,
    pause: async () => {},
    stop: async () => {},
    logTail: () => [],
  };
  return system;
}

type ProcessConfig = Extract<SystemConfig, { kind: "process" }>;

async function runProcess(
  options: StartSystemOptions,
  config: ProcessConfig,
): Promise<RunningSystem | StartFailure> {
  const { history, redact, transactions } = options;
  const { url } = config;
  const logs = watchLogs({ ...options.logs, history, transactions, redact });
  let instance: Instance | undefined;
  /** Exits that the harness brought about. */
  const expected = new WeakSet<Instance>();
  /** Each ends when the exit of one instance stands in the history. */
  const notes: Promise<void>[] = [];

  const system: RunningSystem = {
    ok: true,
    url,
    get pid() {
      return instance?.pid;
    },
    isUp: () => instance !== undefined && !instance.gone.aborted,
    logTail: () => logs.tail(),
    async crash() {
      if (!instance) return;
      expected.add(instance);
      await instance.kill();
      await noted();
    },
    async restart() {
      await system.crash();
      return (await launch({ restart: true })) ?? system;
    },
    async pause(ms, signal) {
      instance?.signal("SIGSTOP");
      await sleep(ms, signal);
      instance?.signal("SIGCONT");
    },
    async stop() {
      if (instance) {
        expected.add(instance);
        await instance.stop(config.stop);
        await noted();
      }
      await lastWords(logs);
      logs.close();
    },
  };

  const failure = await launch({ restart: false });
  if (!failure) return system;
  await system.stop();
  return failure;

  /** Bounded, because a process that cannot be killed has no exit to note. */
  async function noted(): Promise<void> {
    await Promise.race([Promise.all(notes), sleep(2 * LAST_WORDS_MS)]);
  }

  /** Undefined when it is ready; otherwise nothing of it is left. */
  async function launch({ restart }: { restart: boolean }): Promise<StartFailure | undefined> {
    if (await isTaken(url)) return portTaken(url);
    const began = performance.now();
    const spawned = await spawnInstance(config, logs);
    if (!spawned.ok) return spawned;
    instance = spawned;
    let ready = restart;
    notes.push(spawned.exited.then((exit) => (ready ? noteExit(spawned, exit) : undefined)));
    const readyUrl = new URL(config.ready.get, url).href;
    const { withinMs } = config.ready;
    const readiness = await waitUntilReady({
      url: readyUrl,
      withinMs,
      signal: AbortSignal.any([spawned.gone, options.signal]),
    });
    // Somebody else may have answered on its port.
    if (readiness.ready && !spawned.gone.aborted) {
      ready = true;
      const again = restart ? ({ restart: true } as const) : {};
      history.append({ source: "system", kind: "system.started", pid: spawned.pid, url, ...again });
      return undefined;
    }
    const afterMs = performance.now() - began;
    const died = spawned.gone.aborted;
    if (!died) expected.add(spawned);
    await spawned.kill();
    await lastWords(logs);
    if (died) return exitedEarly(await spawned.exited, afterMs, logs.tail());
    if (readiness.ready || options.signal.aborted) return startAborted(logs.tail());
    return neverReady(readyUrl, withinMs, readiness.lastAnswer, logs.tail());
  }

  async function noteExit(which: Instance, { code, signal }: Exit): Promise<void> {
    const t = history.now();
    const wasExpected = expected.has(which);
    if (!wasExpected) await lastWords(logs);
    history.append(
      {
        source: "system",
        kind: "system.exited",
        code,
        signal,
        expected: wasExpected,
        logTail: wasExpected ? [] : logs.tail(),
      },
      t,
    );
  }
}

async function lastWords(logs: LogWatch): Promise<void> {
  await Promise.race([logs.drained(), sleep(LAST_WORDS_MS)]);
}
