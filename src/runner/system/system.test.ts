import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventKind, EventOf } from "../../history/event.ts";
import { createHistoryLog, type HistoryLog } from "../../history/history.ts";
import { createClock } from "../../lib/clock.ts";
import { createRedactor } from "../../lib/redact.ts";
import { until } from "../../lib/wait.ts";
import { createPlace, type Place, removePlace } from "./place.ts";
import { type RunningSystem, type StartSystemOptions, startSystem } from "./system.ts";

/** A system in the language at hand. Its pids go to $DATA_DIR so that tests can look for them. */
const SERVER = `
  const { writeFileSync, appendFileSync } = require("node:fs");
  const dir = process.env.DATA_DIR;
  appendFileSync(dir + "/starts", process.pid + "\\n");
  console.log("listening soon, secret is", process.env.SECRET);
  require("node:http").createServer((request, response) => {
    if (request.url === "/die") process.exit(7);
    if (request.url === "/note") writeFileSync(dir + "/note", "kept");
    response.end("ok");
  }).listen(Number(process.env.PORT), "127.0.0.1");
`;
const IGNORES_SIGTERM = `process.on("SIGTERM", () => {});${SERVER}`;

/** Other processes of a system write their pids to files of these names. */
const FAMILY = ["child", "grandchild", "daemon"];

let place: Place;
let folder: string;
let history: HistoryLog;
const running: RunningSystem[] = [];

beforeEach(async () => {
  place = await createPlace();
  folder = mkdtempSync(join(tmpdir(), "neverfails-test-"));
  history = createHistoryLog({ clock: createClock() });
});

afterEach(async () => {
  for (const system of running.splice(0)) await system.stop();
  // What a failing test left behind.
  for (const pid of [...startedPids(), ...familyPids()].filter(isAlive)) process.kill(pid, "SIGKILL");
  await removePlace(place);
  rmSync(folder, { recursive: true, force: true });
});

describe("startSystem", () => {
  it("starts a process with its environment and its data folder, and waits until it answers", async () => {
    const system = await started(SERVER);
    expect(system.url).toBe(`http://127.0.0.1:${place.port}`);
    expect((await fetch(system.url)).status).toBe(200);
    expect(eventsOf("system.started")).toMatchObject([{ pid: system.pid, url: system.url }]);
    expect(startedPids()).toEqual([system.pid]);
    await until(() => system.logTail().length > 0, { withinMs: 5_000 });
    expect(system.logTail()).toEqual(["listening soon, secret is [redacted]"]);
  });

  it("says that the program does not exist", async () => {
    const failure = await start({ command: ["no-such-program-anywhere"] });
    expect(failure).toMatchObject({ ok: false, reason: "command-not-found" });
    expect(failure).toHaveProperty("message", expect.stringContaining("no-such-program-anywhere"));
  });

  it("says that the folder does not exist, which is no missing program", async () => {
    const failure = await start({ cwd: join(folder, "nowhere") });
    expect(failure).toMatchObject({ ok: false, reason: "folder-not-found" });
  });

  it("notices an early exit at once and shows the last words", async () => {
    const began = performance.now();
    const failure = await start({
      command: script("console.error('config is broken'); process.exit(3)"),
      withinMs: 60_000,
    });
    expect(failure).toMatchObject({ ok: false, reason: "exited", logTail: ["config is broken"] });
    expect(failure).toHaveProperty("message", expect.stringContaining("exited with code 3"));
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(history.events).toEqual([]);
  });

  it("tells a port in use from its log", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await until(() => other.listening, { withinMs: 5_000 });
    const address = other.address();
    const taken = typeof address === "object" && address ? address.port : 0;
    const failure = await start({
      command: script(`require("node:http").createServer().listen(${taken}, "127.0.0.1")`),
    });
    other.close();
    expect(failure).toMatchObject({ ok: false, reason: "port-in-use" });
  });

  it("refuses to mistake another server at its address for the system", async () => {
    const other = createServer((_, response) => response.end("me")).listen(place.port, "127.0.0.1");
    await until(() => other.listening, { withinMs: 5_000 });
    const failure = await start({});
    other.close();
    expect(failure).toMatchObject({ ok: false, reason: "port-in-use" });
    expect(startedPids()).toEqual([]);
  });

  it("gives up on a system that never becomes ready, says what it answered, and leaves nothing of it", async () => {
    const failure = await start({
      command: script(SERVER.replace('response.end("ok")', 'response.writeHead(503).end("warming up")')),
      withinMs: 1_500,
    });
    expect(failure).toMatchObject({ ok: false, reason: "never-ready" });
    expect(failure).toHaveProperty("message", expect.stringContaining("last: HTTP 503"));
    expect(startedPids().filter(isAlive)).toEqual([]);
  });

  it("stops waiting when it is aborted", async () => {
    const aborter = new AbortController();
    const starting = start({
      command: script("setInterval(() => {}, 1000)"),
      withinMs: 60_000,
      signal: aborter.signal,
    });
    setTimeout(() => aborter.abort(), 200);
    expect(await starting).toMatchObject({ ok: false, reason: "aborted" });
  });

  it("attaches to a system that runs already, and never stops it", async () => {
    const other = createServer((_, response) => response.end("me")).listen(place.port, "127.0.0.1");
    await until(() => other.listening, { withinMs: 5_000 });
    const system = await startSystem({
      ...options({}),
      config: {
        kind: "attached",
        url: `http://127.0.0.1:${place.port}`,
        ready: { get: "/healthz", withinMs: 5_000 },
        stop: { signal: "SIGTERM", withinMs: 1_000 },
        isolation: "suite",
      },
    });
    expect(system).toMatchObject({ ok: true, url: `http://127.0.0.1:${place.port}`, pid: undefined });
    if (system.ok) await system.stop();
    expect(other.listening).toBe(true);
    other.close();
  });
});

describe("a running system", () => {
  it("that dies by itself is noticed, with its last words", async () => {
    const system = await started(
      SERVER.replace("process.exit(7)", 'console.log("giving up"), process.exit(7)'),
    );
    await fetch(`${system.url}/die`).catch(() => {});
    await until(() => eventsOf("system.exited").length > 0, { withinMs: 10_000 });
    const [exit] = eventsOf("system.exited");
    expect(exit).toMatchObject({ code: 7, signal: null, expected: false });
    expect(exit?.logTail.at(-1)).toBe("giving up");
    expect(system.isUp()).toBe(false);
  });

  it("is stopped politely, and the exit counts as expected", async () => {
    const system = await started(SERVER);
    const began = performance.now();
    await system.stop();
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(eventsOf("system.exited")).toMatchObject([{ code: null, signal: "SIGTERM", expected: true }]);
  });

  it("that ignores SIGTERM is killed when its time is up", async () => {
    const system = await started(IGNORES_SIGTERM, { stopWithinMs: 300 });
    await system.stop();
    expect(eventsOf("system.exited")).toMatchObject([{ signal: "SIGKILL", expected: true }]);
  });

  it("comes back after a crash in the same place with the same data", async () => {
    const system = await started(SERVER);
    const before = system.pid;
    await fetch(`${system.url}/note`);
    await system.crash();
    expect(isAlive(before ?? 0)).toBe(false);
    expect(await system.restart()).toMatchObject({ ok: true, url: system.url });
    expect((await fetch(system.url)).status).toBe(200);
    expect(system.pid).not.toBe(before);
    expect(readFileSync(join(place.dir, "note"), "utf8")).toBe("kept");
    expect(eventsOf("system.exited")).toMatchObject([{ signal: "SIGKILL", expected: true }]);
    expect(eventsOf("system.started")).toMatchObject([{ pid: before }, { pid: system.pid, restart: true }]);
  });

  it("answers nothing while it is paused, and goes on afterwards", async () => {
    const system = await started(SERVER);
    const resume = new AbortController();
    const paused = system.pause(60_000, resume.signal);
    const during = fetch(system.url, { signal: AbortSignal.timeout(400) }).then(
      () => "answered",
      () => "silent",
    );
    expect(await during).toBe("silent");
    resume.abort();
    await paused;
    expect((await fetch(system.url)).status).toBe(200);
  });
});

describe("the process tree of a system", () => {
  /** Starts a child, a grandchild in a session of its own, and a daemon whose parent is gone; all write their pids. */
  const FAMILIAR_SERVER = `
    const { spawn } = require("node:child_process");
    const idle = (name, more = "") => "require('fs').writeFileSync(process.env.DATA_DIR + '/" + name + "', String(process.pid));" +
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);" + more;
    const run = (code) => "require('child_process').spawn(process.execPath, ['-e', " + JSON.stringify(code) + "], { detached: true, stdio: 'inherit' });";
    spawn(process.execPath, ["-e", idle("child", run(idle("grandchild")))], { stdio: "inherit" });
    spawn(process.execPath, ["-e", run(idle("daemon")) + "setTimeout(() => process.exit(), 100)"], { stdio: "inherit", detached: true });
    ${SERVER}
  `;
  it("is gone after stop, also what moved to another session or lost its parent", async () => {
    const system = await started(FAMILIAR_SERVER, { stopWithinMs: 500 });
    const pids = await wholeFamily();
    expect(pids.filter(isAlive)).toHaveLength(3);
    await system.stop();
    expect([...pids, system.pid ?? 0].filter(isAlive)).toEqual([]);
  });

  it("is gone after the harness itself was killed with SIGKILL", async () => {
    const harness = spawn(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", helper(FAMILIAR_SERVER)],
      {
        stdio: "ignore",
      },
    );
    const pids = [...(await wholeFamily()), ...startedPids()];
    expect(pids.filter(isAlive)).toHaveLength(4);
    harness.kill("SIGKILL");
    expect(await until(() => pids.filter(isAlive).length === 0, { withinMs: 12_000 })).toBe(true);
  }, 40_000);

  it("outlives signals to the harness's group, so that the harness can stop it in good order", async () => {
    const harness = spawn(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", helper(SERVER, "process.on('SIGINT', () => {});")],
      {
        stdio: "ignore",
        detached: true,
      },
    );
    await until(() => existsSync(join(place.dir, "up")), { withinMs: 15_000 });
    const pids = startedPids();
    process.kill(-(harness.pid ?? 0), "SIGINT");
    const answer = await fetch(`http://127.0.0.1:${place.port}/`);
    expect(answer.status).toBe(200);
    harness.kill("SIGKILL");
    expect(await until(() => pids.filter(isAlive).length === 0, { withinMs: 12_000 })).toBe(true);
  }, 40_000);

  /** Waits until all of them live. */
  async function wholeFamily(): Promise<number[]> {
    const isComplete = () => familyPids().filter((pid) => pid > 0).length === FAMILY.length;
    expect(await until(isComplete, { withinMs: 20_000 })).toBe(true);
    return familyPids();
  }

  /** A harness process of its own, which starts a system and says so. */
  function helper(code: string, prelude = ""): string {
    const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    const { config, logs } = options({ command: script(code) });
    return `
      import { writeFileSync } from "node:fs";
      import { startSystem } from ${module("./system.ts")};
      import { createHistoryLog } from ${module("../../history/history.ts")};
      import { createClock } from ${module("../../lib/clock.ts")};
      ${prelude}
      await startSystem({
        config: ${JSON.stringify(config)},
        place: ${JSON.stringify(place)},
        history: createHistoryLog({ clock: createClock() }),
        logs: ${JSON.stringify(logs)},
        transactions: () => [],
        redact: (text) => text,
        signal: new AbortController().signal,
      });
      writeFileSync(${JSON.stringify(join(place.dir, "up"))}, "");
      setInterval(() => {}, 1000);
    `;
  }
});

interface Variation {
  command?: string[];
  cwd?: string;
  withinMs?: number;
  stopWithinMs?: number;
  signal?: AbortSignal;
}

function options({ command, cwd, withinMs, stopWithinMs, signal }: Variation): StartSystemOptions {
  return {
    config: {
      kind: "process",
      command: command ?? script(SERVER),
      cwd: cwd ?? folder,
      url: `http://127.0.0.1:${place.port}`,
      env: { PORT: String(place.port), DATA_DIR: place.dir, SECRET: "hunter22" },
      ready: { get: "/healthz", withinMs: withinMs ?? 20_000 },
      stop: { signal: "SIGTERM", withinMs: stopWithinMs ?? 5_000 },
      isolation: "scenario",
    },
    place,
    history,
    logs: { file: join(folder, "logs", "system.log"), from: ["stdout"] },
    transactions: () => [],
    redact: createRedactor(["hunter22"]),
    signal: signal ?? new AbortController().signal,
  };
}

function script(code: string): string[] {
  return [process.execPath, "-e", code];
}

async function start(variation: Variation) {
  const result = await startSystem(options(variation));
  if (result.ok) running.push(result);
  return result;
}

async function started(code: string, variation: Variation = {}): Promise<RunningSystem> {
  const result = await start({ ...variation, command: script(code) });
  if (!result.ok) throw new Error(`${result.message}\n${result.logTail.join("\n")}`);
  return result;
}

function eventsOf<K extends EventKind>(kind: K): EventOf<K>[] {
  return history.events.filter((event): event is EventOf<K> => event.kind === kind);
}

function startedPids(): number[] {
  const file = join(place.dir, "starts");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map(Number) : [];
}

function familyPids(): number[] {
  const files = FAMILY.map((name) => join(place.dir, name)).filter((file) => existsSync(file));
  return files.map((file) => Number(readFileSync(file, "utf8")));
}

/** Zombies, which nobody has to fear, count as dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}
