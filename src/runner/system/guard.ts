// A tiny process beside the harness that ends the systems which a kill -9 of the harness would leave behind.
import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import { join } from "node:path";
import { packageRoot } from "../../lib/package-info.ts";
import type { TreeRoot } from "./process-tree.ts";

/** One per harness process, started with the first system. */
let guard: ChildProcess | undefined;
const watched = new Map<number, TreeRoot>();

/** From now on the tree dies with this process, however it ends. */
export function guardTree(root: TreeRoot): void {
  watched.set(root.pid, root);
  if (guard) tell(guard, `+${root.pid} ${root.mark}`);
  else guard = startGuard();
}

export function releaseTree({ pid }: TreeRoot): void {
  watched.delete(pid);
  if (guard) tell(guard, `-${pid}`);
}

function startGuard(): ChildProcess {
  // dist holds JavaScript; from source the TypeScript loader of the development tools is needed.
  const isSource = import.meta.url.endsWith(".ts");
  const script = join(
    packageRoot,
    isSource ? "src" : "dist",
    "runner/system",
    `guard-process.${isSource ? "ts" : "js"}`,
  );
  const child = spawn(process.execPath, [...(isSource ? ["--import", "tsx"] : []), script], {
    cwd: packageRoot,
    // Its own session: Ctrl-C in the terminal must not reach it before its work is done.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  const forget = () => {
    if (guard === child) guard = undefined;
  };
  child.once("error", forget);
  child.once("exit", forget);
  // A guard that died is noticed by its exit; the broken pipe says nothing new.
  child.stdin?.on("error", () => {});
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  for (const root of watched.values()) tell(child, `+${root.pid} ${root.mark}`);
  return child;
}

function tell(child: ChildProcess, line: string): void {
  child.stdin?.write(`${line}\n`);
}
