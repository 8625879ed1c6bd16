// Runs as a process of its own: learns on stdin which process trees to watch, and kills them when stdin ends.
// The pipe ends when the harness does, however it does. After an orderly end nothing is watched any more.
import { createInterface } from "node:readline";
import { killTree, type TreeRoot } from "./process-tree.ts";

const watched = new Map<number, TreeRoot>();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [pid = "", mark = ""] = line.slice(1).split(" ");
  if (line.startsWith("+")) watched.set(Number(pid), { pid: Number(pid), mark });
  else watched.delete(Number(pid));
});
lines.on("close", async () => {
  await Promise.all([...watched.values()].map((root) => killTree(root)));
  process.exit(0);
});
