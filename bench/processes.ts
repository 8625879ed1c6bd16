// Processes of a benchmark: started, pinned to a core, asked, and ended.
import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildMeasured } from "./built.ts";
import type { Kind, LoadResult, Order, Question, Served, Spent, Work } from "./work.ts";

/** util-linux; where it is missing, the scheduler decides. */
const TASKSET = "taskset";
const SERVER_CORE = 0;
const LOAD_CORE = 1;

export interface Server {
  kind: Kind;
  served: Served;
  spent(question?: Question): Promise<Spent>;
}

export interface Bench {
  serve(kind: Kind, work: Work): Promise<Server>;
  /** Rejects when anything was refused, lost or repeated. */
  drive(order: Order): Promise<LoadResult>;
  /** For others' servers: whatever came of it. */
  tryDrive(order: Order): Promise<LoadResult>;
}

/** Runs `measure` with a load process; everything that was started is ended afterwards. */
export async function withBench<T>(measure: (bench: Bench) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "neverfails-bench-"));
  const children: ChildProcess[] = [];
  try {
    await buildMeasured();
    const load = start("./load.ts", [], LOAD_CORE);
    await once(load, "message");
    return await measure({
      async serve(kind, work) {
        const child = start(
          "./server.ts",
          [kind, work, join(folder, `${children.length}.ndjson`)],
          SERVER_CORE,
        );
        const [served] = (await once(child, "message")) as [Served];
        return { kind, served, spent: (question = "cpu") => ask<Spent>(child, question) };
      },
      async drive(order) {
        const result = await ask<LoadResult>(load, order);
        const { accepted, refused, lost, repeated } = result;
        if (refused + lost + repeated > 0)
          throw new Error(`${accepted} accepted, ${refused} refused, ${lost} lost, ${repeated} repeated`);
        return result;
      },
      tryDrive: (order) => ask<LoadResult>(load, order),
    });
  } finally {
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }

  function start(file: string, args: string[], core: number): ChildProcess {
    const execArgv = [...process.execArgv, "--expose-gc"];
    const child = fork(new URL(file, import.meta.url), args, { execArgv });
    children.push(child);
    spawnSync(TASKSET, ["-a", "-p", "-c", String(core), String(child.pid)], { stdio: "ignore" });
    return child;
  }
}

async function ask<Answer>(child: ChildProcess, question: object | string): Promise<Answer> {
  const answer = once(child, "message") as Promise<[Answer]>;
  child.send(question);
  return (await answer)[0];
}
