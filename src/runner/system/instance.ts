// One process of the system, from spawn to exit.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { sleep, until } from "../../lib/wait.ts";
import type { SystemConfig } from "../../scenarios/types.ts";
import type { LogWatch } from "../watch/logs.ts";
import { guardTree, releaseTree } from "./guard.ts";
import { findTree, killTree, MARK, signalTree, type TreeRoot } from "./process-tree.ts";
import { cannotSpawn, type Exit, noFolder, type StartFailure } from "./start-failure.ts";

const EXIT_NOTICE_MS = 1_000;

export interface Instance {
  ok: true;
  readonly pid: number;
  /** Aborted when the process has exited. */
  readonly gone: AbortSignal;
  readonly exited: Promise<Exit>;
  signal(signal: NodeJS.Signals): void;
  /** Asks politely, waits, then kills whatever is left of the whole tree. */
  stop(options: { signal: NodeJS.Signals; withinMs: number }): Promise<void>;
  kill(): Promise<void>;
}

type Program = Pick<Extract<SystemConfig, { kind: "process" }>, "command" | "cwd" | "env">;

/** Without a shell, in a process group and session of its own, under guard from the first moment. */
export async function spawnInstance(
  { command: [program = "", ...args], cwd, env }: Program,
  logs: LogWatch,
): Promise<Instance | StartFailure> {
  if (!(await isFolder(cwd))) return noFolder(cwd);
  const mark = randomUUID();
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env, [MARK]: mark },
  });
  if (child.pid === undefined) return cannotSpawn(program, await spawnError(child));
  return instanceOf(child, { pid: child.pid, mark }, logs);
}

function instanceOf(child: ChildProcess, root: TreeRoot, logs: LogWatch): Instance {
  const gone = new AbortController();
  const exited = new Promise<Exit>((resolve) => {
    child.once("exit", (code, signal) => {
      gone.abort();
      resolve({ code, signal });
    });
  });
  guardTree(root);
  if (child.stdout) logs.attach(child.stdout, "stdout");
  if (child.stderr) logs.attach(child.stderr, "stderr");

  const kill = async () => {
    await killTree(root);
    // A process in uninterruptible sleep outlives even SIGKILL for a while; do not wait for it for ever.
    await Promise.race([exited, sleep(EXIT_NOTICE_MS)]);
    releaseTree(root);
  };
  return {
    ok: true,
    pid: root.pid,
    gone: gone.signal,
    exited,
    signal: (signal) => signalTree(root, signal),
    kill,
    async stop({ signal, withinMs }) {
      signalTree(root, signal);
      // What was paused must run to hear it.
      signalTree(root, "SIGCONT");
      const due = performance.now() + withinMs;
      await sleep(withinMs, gone.signal);
      // The leader may be a wrapper such as npm that ends before the real server has.
      const rest = Math.max(0, due - performance.now());
      await until(() => findTree(root).length === 0, { withinMs: rest, everyMs: 50 });
      await kill();
    },
  };
}

function spawnError(child: ChildProcess): Promise<NodeJS.ErrnoException> {
  return new Promise((resolve) => child.once("error", resolve));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
