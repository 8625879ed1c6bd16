import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventKind, EventOf } from "../../history/event.ts";
import { createHistoryLog, type HistoryLog } from "../../history/history.ts";
import { createClock } from "../../lib/clock.ts";
import type { Problem } from "../../lib/problem.ts";
import { sleep, until } from "../../lib/wait.ts";
import type { Signal, Workflow } from "../../scenarios/types.ts";
import { watchSignals } from "./signals.ts";
import { type TransactionWatch, watchTransactions } from "./transactions.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let baseUrl: string;
let handle: Handler;
let history: HistoryLog;
let requests: { url: string; at: number }[];
const stoppers: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  requests = [];
  history = createHistoryLog({ clock: createClock() });
  handle = (_, response) => json(response, { status: "received" });
  server = createServer((request, response) => {
    requests.push({ url: request.url ?? "", at: history.now() });
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
});

afterEach(async () => {
  for (const watch of stoppers.splice(0)) await watch.stop();
  server.closeAllConnections();
  server.close();
});

describe("watchTransactions", () => {
  it("tells of the first sample and of changes only, each inside its interval", async () => {
    let status = "received";
    let changedAt = 0;
    handle = (_, response) => json(response, { status, payments: status === "paid" ? [{}] : [] });
    const invoked = history.append({
      source: "driver",
      kind: "start.invoked",
      key: "CLM-1",
      ordinal: 1,
      group: "faulted",
      body: {},
    });
    const watch = watchAll(["CLM-1"]);
    await until(() => requests.length >= 5, { withinMs: 10_000 });
    expect(states()).toMatchObject([{ state: "received", means: { kind: "pending" }, since: invoked.t }]);
    changedAt = history.now();
    status = "paid";
    await until(() => states().length === 2, { withinMs: 10_000 });
    const [, change] = states();
    expect(change).toMatchObject({
      key: "CLM-1",
      state: "paid",
      means: { kind: "settled", outcome: "approved" },
    });
    expect(change?.since).toBeLessThanOrEqual(changedAt);
    expect(change?.t).toBeGreaterThanOrEqual(changedAt);
    expect(effects()).toMatchObject([{ effects: 0 }, { effects: 1 }]);
    expect(watch.stateOf("CLM-1")).toEqual({ kind: "settled", outcome: "approved" });
    expect(watch.stateOf("CLM-2")).toBeUndefined();
  });

  it("counts the time in which an answer was under way into the interval", async () => {
    let answered = 0;
    handle = (_, response) => {
      // Read at once, answered late: the second answer shows what was true long before it arrives.
      const status = answered++ === 0 ? "received" : "paid";
      setTimeout(() => json(response, { status }), 300);
    };
    watchAll(["CLM-1"]);
    await until(() => states().length === 2, { withinMs: 10_000 });
    const [first, second] = states();
    const [asked] = requests;
    expect(second?.since).toBeLessThanOrEqual(asked?.at ?? 0);
    expect(second?.since).toBeLessThan(first?.t ?? 0);
  });

  it("looks at unsettled transactions more often than at settled ones", async () => {
    handle = (request, response) =>
      json(response, { status: request.url?.endsWith("1") ? "received" : "paid" });
    watchAll(["CLM-1", "CLM-2"], { intervalMs: { unsettled: 100, settled: 1_000 } });
    const count = (url: string) => requests.filter((request) => request.url === url).length;
    await until(() => count("/claims/CLM-2") >= 2, { withinMs: 10_000 });
    expect(count("/claims/CLM-1")).toBeGreaterThan(2 * count("/claims/CLM-2"));
  });

  it("asks for at most eight at once", async () => {
    let open = 0;
    let most = 0;
    handle = (_, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        json(response, { status: "received" });
      }, 50);
    };
    watchAll(Array.from({ length: 30 }, (_, i) => `CLM-${i}`));
    await until(() => states().length === 30, { withinMs: 10_000 });
    expect(most).toBe(8);
  });

  it("tells what it could not read, and bridges the gap honestly", async () => {
    let mode: "fine" | "broken" | "paid" = "fine";
    handle = (_, response) => {
      if (mode === "broken") response.writeHead(500).end();
      else json(response, { status: mode === "paid" ? "paid" : "received" });
    };
    const watch = watchAll(["CLM-1"]);
    await until(() => states().length === 1, { withinMs: 10_000 });
    mode = "broken";
    const brokeAt = history.now();
    await until(() => states().length === 2, { withinMs: 10_000 });
    expect(states()[1]).toMatchObject({ state: null, means: null, error: "HTTP 500" });
    expect(watch.stateOf("CLM-1")).toBeNull();
    mode = "paid";
    await until(() => states().length === 3, { withinMs: 10_000 });
    // It may have been paid at any time since the last readable sample.
    expect(states()[2]?.since).toBeLessThanOrEqual(brokeAt);
  });

  it("reports a state that is not listed, with the nearest one, once", async () => {
    handle = (_, response) => json(response, { status: "recieved" });
    const problems: Problem[] = [];
    watchAll(["CLM-1", "CLM-2"], { onProblem: (problem) => problems.push(problem) });
    await until(() => states().length === 2 && requests.length > 4, { withinMs: 10_000 });
    expect(problems).toEqual([
      {
        file: "neverfails.yaml",
        path: "workflow.inspect.means",
        message: 'state "recieved" is not listed in workflow.inspect.means',
        hint: 'add it, or did you mean "received"?',
      },
    ]);
    expect(states()[0]).toMatchObject({ state: "recieved", means: null });
    expect(states()[0]?.error).toContain("not listed");
  });

  it.each([
    ["a missing field", (response: ServerResponse) => json(response, { other: 1 }), "finds no state"],
    ["no JSON", (response: ServerResponse) => response.end("<html>"), "finds no state"],
    ["404", (response: ServerResponse) => response.writeHead(404).end(), "HTTP 404"],
    ["a broken connection", (response: ServerResponse) => response.destroy(), "the connection broke"],
  ])("%s is no state", async (_, answer, error) => {
    handle = (_request, response) => answer(response);
    watchAll(["CLM-1"]);
    await until(() => states().length > 0, { withinMs: 10_000 });
    expect(states()[0]).toMatchObject({ state: null, means: null, error: expect.stringContaining(error) });
  });

  it("gives up on an answer after two seconds", async () => {
    handle = () => {};
    watchAll(["CLM-1"]);
    await until(() => states().length > 0, { withinMs: 10_000 });
    expect(states()[0]).toMatchObject({ state: null, error: "no answer within 2 s" });
  });

  it("takes a final sample of each, also where nothing changed, and is quiet afterwards", async () => {
    handle = (_, response) => json(response, { status: "paid", payments: [{}] });
    const watch = watchAll(["CLM-1", "CLM-2"]);
    await until(() => states().length === 2, { withinMs: 10_000 });
    const before = history.now();
    await watch.sampleAll({ final: true });
    expect(states().slice(2)).toMatchObject([{ final: true }, { final: true }]);
    expect(effects().slice(2)).toMatchObject([
      { final: true, effects: 1 },
      { final: true, effects: 1 },
    ]);
    for (const { url } of requests.filter(({ at }) => at >= before)) expect(url).toMatch(/^\/claims\/CLM-/);
    await watch.stop();
    const asked = requests.length;
    await sleep(700);
    expect(requests.length).toBe(asked);
  });

  it("stops at once although an answer is outstanding, and tells nothing of it", async () => {
    handle = () => {};
    const watch = watchAll(["CLM-1"]);
    await until(() => requests.length > 0, { withinMs: 10_000 });
    const began = performance.now();
    await watch.stop();
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(states()).toEqual([]);
  });
});

describe("watchSignals", () => {
  const get = (path: string): Signal["call"] => ({ method: "GET", path, headers: {} });

  it("reads expressions, metrics and plain answers, and whether the system answers at all", async () => {
    handle = (request, response) => {
      if (request.url === "/metrics")
        response.end('claims_stuck{queue="a"} 2\nclaims_stuck{queue="b"} 3\nup NaN\n');
      else if (request.url === "/ready") response.writeHead(503).end();
      else json(response, { backlog: 12, mood: "fine" });
    };
    watchThese([
      { name: "healthy", call: get("/health"), value: "status = 200" },
      { name: "alive", call: get("/ready") },
      { name: "stuck", call: get("/metrics"), metric: "claims_stuck" },
      { name: "stuckA", call: get("/metrics"), metric: 'claims_stuck{queue="a"}', healthy: "value < 2" },
      { name: "up", call: get("/metrics"), metric: "up" },
      { name: "mood", call: get("/health"), value: "body.mood", healthy: 'value = "fine"' },
      { name: "gone", call: get("/health"), value: "body.nothing" },
      { name: "absent", call: get("/metrics"), metric: "absent" },
    ]);
    await until(() => signals().length === 9, { withinMs: 10_000 });
    const found = Object.fromEntries(signals().map(({ name, value, healthy }) => [name, [value, healthy]]));
    expect(found).toEqual({
      healthy: [true, true],
      alive: [false, false],
      stuck: [5, null],
      stuckA: [2, false],
      up: ["NaN", null],
      mood: ["fine", true],
      gone: [null, null],
      absent: [null, null],
      ready: [503, null],
    });
    expect(signals().find(({ name }) => name === "absent")?.error).toContain("no sample matches absent");
  });

  it("tells of changes, of silence, and of the end", async () => {
    let stuck = 0;
    handle = (_, response) => response.end(`stuck ${stuck}\n`);
    const watch = watchThese([{ name: "stuck", call: get("/metrics"), metric: "stuck" }]);
    await until(() => signals().length === 2, { withinMs: 10_000 });
    stuck = 4;
    const changedAt = history.now();
    await until(() => signals().length === 3, { withinMs: 10_000 });
    expect(signals()[2]).toMatchObject({ name: "stuck", value: 4 });
    expect(signals()[2]?.since).toBeLessThanOrEqual(changedAt);
    handle = (_, response) => response.destroy();
    await until(() => signals().length === 5, { withinMs: 10_000 });
    expect(
      signals()
        .slice(3)
        .map(({ value, error }) => [value, error]),
    ).toEqual([
      [null, "the connection broke"],
      [null, "the connection broke"],
    ]);
    await watch.sampleAll({ final: true });
    expect(signals().slice(5)).toMatchObject([{ final: true }, { final: true }]);
  });
});

const workflow: Workflow = {
  noun: "claim",
  start: { method: "POST", path: "/claims", headers: {} },
  inspect: {
    call: { method: "GET", path: "/claims/{{ transaction.id }}", headers: {} },
    state: "body.status",
    effects: "$count(body.payments)",
    means: { received: { kind: "pending" }, paid: { kind: "settled", outcome: "approved" } },
  },
};

function watchAll(
  keys: string[],
  more: Partial<Parameters<typeof watchTransactions>[0]> = {},
): TransactionWatch {
  const watch = watchTransactions({
    config: { file: "neverfails.yaml", workflow },
    baseUrl: () => baseUrl,
    transactions: () => keys.map((key) => ({ key, id: key })),
    history,
    ...more,
  });
  stoppers.push(watch);
  return watch;
}

function watchThese(list: Signal[]) {
  const watch = watchSignals({ signals: list, readyPath: "/ready", baseUrl: () => baseUrl, history });
  stoppers.push(watch);
  return watch;
}

function eventsOf<K extends EventKind>(kind: K): EventOf<K>[] {
  return history.events.filter((event): event is EventOf<K> => event.kind === kind);
}

function states() {
  return eventsOf("system.state");
}

function effects() {
  return eventsOf("system.effects");
}

function signals() {
  return eventsOf("system.signal");
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}
