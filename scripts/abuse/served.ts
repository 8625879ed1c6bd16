// A served partner as a process of its own: whether it lives, what it says, how much memory it holds.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { until } from "../../src/lib/wait.ts";
import { projectFile } from "./project.ts";

export interface Served {
  port: number;
  controlPort: number;
  isAlive(): boolean;
  /** What it wrote to stderr: nothing, when all is well. */
  stderr(): string;
  /** Resident memory in MiB; undefined where the system does not tell (no /proc). */
  memory(): number | undefined;
  stop(): Promise<void>;
}

const READY_MS = 30_000;

export async function servePartner(): Promise<Served> {
  const child = spawn(
    process.execPath,
    [projectFile("dist/cli/main.js"), "serve", projectFile("scripts/abuse/partner.yaml"), "--quiet"],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  await until(() => stdout.includes("Ctrl-C") || !isAlive(), { withinMs: READY_MS });
  const port = Number(/listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(stdout)?.[1]);
  const controlPort = Number(/control +http:\/\/127\.0\.0\.1:(\d+)/.exec(stdout)?.[1]);
  if (!port || !controlPort) throw new Error(`the partner did not start: ${stdout}${stderr}`);
  return {
    port,
    controlPort,
    isAlive,
    stderr: () => stderr,
    memory() {
      try {
        const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
        return kib === undefined ? undefined : Math.round(Number(kib) / 1_024);
      } catch {
        return undefined;
      }
    },
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(timer);
    },
  };
}
