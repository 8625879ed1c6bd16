// Every process that a started program brought about: its group, its descendants, and those that hid from both.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { until } from "../../lib/wait.ts";

export interface TreeRoot {
  /** The started program; it leads its own process group and session. */
  pid: number;
  /** Value of NEVERFAILS_SYSTEM in the environment of all of them; finds daemons whose parents are gone (Linux). */
  mark: string;
}

/** Name of the environment variable that a started program hands down to all its children. */
export const MARK = "NEVERFAILS_SYSTEM";

interface ProcessInfo {
  pid: number;
  parent: number;
  group: number;
  session: number;
}

/** Pids of all living processes of the tree, zombies excluded. Empty: nothing is left of it. */
export function findTree({ pid: root, mark }: TreeRoot): number[] {
  const processes = listProcesses();
  const members = new Set<number>();
  for (const { pid, group, session } of processes) {
    if (pid === root || group === root || session === root || carriesMark(pid, mark)) members.add(pid);
  }
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of processes) {
      if (!members.has(parent) || members.has(pid)) continue;
      members.add(pid);
      grown = true;
    }
  }
  members.delete(process.pid);
  members.delete(1);
  return [...members];
}

/** Sends a signal to every process of the tree. */
export function signalTree(root: TreeRoot, signal: NodeJS.Signals): void {
  for (const pid of findTree(root)) signalProcess(pid, signal);
}

/** SIGKILL to all of them, again until none is left: what was forked meanwhile is met in the next round. */
export function killTree(root: TreeRoot, { withinMs = 5_000 } = {}): Promise<boolean> {
  return until(
    () => {
      const alive = findTree(root);
      for (const pid of alive) signalProcess(pid, "SIGKILL");
      return alive.length === 0;
    },
    { withinMs, everyMs: 10 },
  );
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone since it was listed, which is what was wanted; or not ours to signal.
  }
}

function listProcesses(): ProcessInfo[] {
  return process.platform === "linux" ? listProc() : listPs();
}

/** Source: proc(5), /proc/pid/stat. The name in parentheses may hold anything, so fields count from the last one. */
function listProc(): ProcessInfo[] {
  return readdirSync("/proc").flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) return [];
    const stat = readOrNothing(`/proc/${entry}/stat`);
    const [state, parent, group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (session === undefined || state === "Z" || state === "X") return [];
    return [{ pid, parent: Number(parent), group: Number(group), session: Number(session) }];
  });
}

function listPs(): ProcessInfo[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat="], { encoding: "utf8" });
  return table.split("\n").flatMap((line) => {
    const [pid, parent, group, state] = line.trim().split(/\s+/);
    if (!pid || state === undefined || state.startsWith("Z")) return [];
    // Without a session column that is the same everywhere, group and parent must do.
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(group) }];
  });
}

function carriesMark(pid: number, mark: string): boolean {
  if (process.platform !== "linux") return false;
  return readOrNothing(`/proc/${pid}/environ`).split("\0").includes(`${MARK}=${mark}`);
}

/** Empty when the process is gone or another user's. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
