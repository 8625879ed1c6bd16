import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventKind, EventOf } from "../../history/event.ts";
import { createHistoryLog, type OwnedHistoryLog } from "../../history/history.ts";
import { createClock } from "../../lib/clock.ts";
import { until } from "../../lib/wait.ts";
import { faultUseSchema } from "../../simulator/faults/index.ts";
import { createPlan, type Plan } from "../../simulator/plan/plan.ts";
import { resolveSchedule } from "../../simulator/plan/resolve.ts";
import { createPlace, type Place, removePlace } from "../system/place.ts";
import { type RunningSystem, startSystem } from "../system/system.ts";
import { performStrikes, type Strikes, type StrikesOptions } from "./strikes.ts";

/** Notes each of its lives; the second is as short as LIVES says. */
const SERVER = `
  const { appendFileSync, readFileSync } = require("node:fs");
  const lives = process.env.DATA_DIR + "/lives";
  appendFileSync(lives, process.pid + "\\n");
  if (readFileSync(lives, "utf8").trim().split("\\n").length > Number(process.env.LIVES)) {
    console.error("the database is locked");
    process.exit(4);
  }
  require("node:http").createServer((_, response) => response.end("ok")).listen(Number(process.env.PORT), "127.0.0.1");
`;

const clock = createClock();
let history: OwnedHistoryLog;
let place: Place;
let folder: string;
let system: RunningSystem;
let plan: Plan;
let strikes: Strikes | undefined;
let stage: StrikesOptions["stage"];
let interrupt: AbortController;

beforeEach(async () => {
  history = createHistoryLog({ clock });
  place = await createPlace();
  folder = mkdtempSync(join(tmpdir(), "neverfails-test-"));
  interrupt = new AbortController();
  strikes = undefined;
});

afterEach(async () => {
  await strikes?.end();
  await system.stop();
  await removePlace(place);
  rmSync(folder, { recursive: true, force: true });
});

describe("system.crash", () => {
  it("cuts the system's connections before the event that it waits for is told to the end", async () => {
    await arm({ fault: "system.crash", when: "after-accept", on: [2] });
    const socket = connect(place.port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    const cut = new Promise((resolve) => {
      socket.on("error", () => {});
      socket.once("close", resolve);
    });
    accepted("T-1");
    expect(await alive()).toBe(true);
    accepted("T-2");
    // The reply would go out now, and nobody is there any more.
    await cut;
    await strikes?.underWay();
    expect(lives()).toHaveLength(2);
    expect(await alive()).toBe(true);
    expect(eventsOf("fault.fired").map(({ point, key }) => [point, key])).toEqual([
      ["system", "T-1"],
      ["system", "T-2"],
    ]);
    expect(eventsOf("system.exited")).toMatchObject([{ signal: "SIGKILL", expected: true }]);
    expect(eventsOf("system.started").at(-1)).toMatchObject({ restart: true });
    const [fired] = eventsOf("fault.fired");
    expect(fired?.t).toBeLessThanOrEqual(eventsOf("system.exited")[0]?.t ?? 0);
  });

  it("happens once, however many such events come", async () => {
    await arm({ fault: "system.crash", restartAfter: "10ms" });
    for (const key of ["T-1", "T-2"]) accepted(key);
    await strikes?.underWay();
    accepted("T-1");
    expect(lives()).toHaveLength(2);
    expect(await alive()).toBe(true);
  });

  it("waits for an acknowledged report, or for its time, or for its window", async () => {
    await arm({ fault: "system.crash", when: "on-callback", restartAfter: "10ms" });
    accepted("T-1");
    expect(stage.down).toBeUndefined();
    history.append({
      source: "partner",
      kind: "callback.acked",
      key: "T-1",
      delivery: "d1",
      attempt: 1,
      status: 200,
    });
    expect(stage.down).toBeDefined();
    await strikes?.end();
    await arm({ fault: "system.crash", when: "300ms", restartAfter: "10ms" });
    expect(strikes?.lastMomentMs).toBe(300);
    await strikes?.underWay();
    await arm({ fault: "system.crash", during: "20s..30s" });
    accepted("T-1");
    await strikes?.underWay();
    expect(lives()).toHaveLength(3);
  });

  it("keeps new work back while the system is down by its hand", async () => {
    await arm({ fault: "system.crash" });
    accepted("T-1");
    const { down } = stage;
    expect(down).toBeInstanceOf(Promise);
    await down;
    expect(await alive()).toBe(true);
    expect(stage.down).toBeUndefined();
  });

  it("says so when the system does not come back", async () => {
    await arm({ fault: "system.crash", restartAfter: "10ms" }, { LIVES: "1" });
    accepted("T-1");
    await strikes?.underWay();
    expect(eventsOf("system.stranded")).toMatchObject([
      { reason: expect.stringContaining("exited with code 4"), logTail: ["the database is locked"] },
    ]);
  });

  it("restarts at once when the scenario is over", async () => {
    await arm({ fault: "system.crash", restartAfter: "60s" });
    accepted("T-1");
    await strikes?.end();
    expect(await alive()).toBe(true);
  });

  it("starts nothing any more after an interrupt", async () => {
    await arm({ fault: "system.crash", restartAfter: "60s" });
    accepted("T-1");
    interrupt.abort();
    await strikes?.end();
    expect(lives()).toHaveLength(1);
  });
});

describe("system.pause", () => {
  it("lets connections in and answers nothing until it goes on", async () => {
    await arm({ fault: "system.pause", for: "700ms" });
    accepted("T-1");
    const began = performance.now();
    expect(await alive()).toBe(true);
    expect(performance.now() - began).toBeGreaterThan(500);
    await strikes?.underWay();
    expect(lives()).toHaveLength(1);
    expect(eventsOf("system.paused")).toMatchObject([{ forMs: 700 }]);
    expect(eventsOf("system.resumed")).toHaveLength(1);
    expect(eventsOf("fault.fired").map(({ key }) => key)).toEqual(["T-1", "T-2"]);
  });

  it("goes on at once when the scenario is over", async () => {
    await arm({ fault: "system.pause", for: "8s" });
    accepted("T-1");
    await strikes?.end();
    const began = performance.now();
    expect(await alive()).toBe(true);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

async function arm(use: Record<string, unknown>, env: Record<string, string> = {}): Promise<void> {
  if (!strikes) await start(env);
  await strikes?.end();
  const transactions = [1, 2].map((ordinal) => ({ ordinal, control: false, start: {} }));
  const faults = [faultUseSchema.parse(use)];
  const schedule = await resolveSchedule({ seed: "seed", scenario: "test", faults, transactions });
  const ordinalOf = (key: string) => Number(key.split("-")[1]);
  plan = createPlan({ schedule, clock, history, ordinalOf });
  plan.arm({ outcomes: [], promisesMs: 0 });
  stage = { system, history, ordinalOf, down: undefined };
  strikes = performStrikes({
    plan,
    stage,
    progress: { inFlight: () => ["T-1", "T-2"] },
    signal: interrupt.signal,
  });
}

async function start(env: Record<string, string>): Promise<void> {
  const started = await startSystem({
    config: {
      kind: "process",
      url: `http://127.0.0.1:${place.port}`,
      ready: { get: "/", withinMs: 10_000 },
      stop: { signal: "SIGTERM", withinMs: 2_000 },
      isolation: "scenario",
      command: [process.execPath, "-e", SERVER],
      cwd: folder,
      env: { PORT: String(place.port), DATA_DIR: place.dir, LIVES: "99", ...env },
    },
    place,
    history,
    logs: { file: join(folder, "system.log"), from: [] },
    transactions: () => [],
    redact: (text) => text,
    signal: interrupt.signal,
  });
  if (!started.ok) throw new Error(started.message);
  system = started;
}

function accepted(key: string): void {
  history.append({ source: "partner", kind: "submission.accepted", key, submission: `s-${key}` });
}

/** It answers within ten seconds. */
function alive(): Promise<boolean> {
  const ask = () =>
    fetch(system.url, { signal: AbortSignal.timeout(10_000) })
      .then(({ ok }) => ok)
      .catch(() => false);
  return until(ask, { withinMs: 10_000 });
}

function lives(): string[] {
  return readFileSync(join(place.dir, "lives"), "utf8").trim().split("\n");
}

function eventsOf<K extends EventKind>(kind: K): EventOf<K>[] {
  return history.events.filter((event): event is EventOf<K> => event.kind === kind);
}
