// The system's own side fails: its process is killed or stopped, or nobody takes its alerts. Through the real command.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readHistoryFile } from "../../src/history/ndjson.ts";
import type { RunRecord } from "../../src/history/run-record.ts";
import { cli } from "../support/cli.ts";
import { tinySystem } from "../support/tiny-system.ts";

/** Keeps its orders in a file (or, without it, in memory), polls the partner, and tells people in chat or else by mail. */
const SERVER = `
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
const { PORT, PARTNER_URL, DATA_DIR, CHAT_URL, SMTP_PORT, MODE } = process.env;
const file = DATA_DIR + "/orders.json";
const orders = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
// Whole or not at all: a crash in the middle of writing must leave what was there.
function save() {
  if (MODE === "forgets") return;
  writeFileSync(file + ".part", JSON.stringify(orders));
  renameSync(file + ".part", file);
}
const body = { method: "POST", headers: { "content-type": "application/json" } };

function mail(text) {
  const lines = ["EHLO shop", "MAIL FROM:<shop@example.test>", "RCPT TO:<ops@example.test>", "DATA", "Subject: " + text + "\\r\\n\\r\\n" + text + "\\r\\n.", "QUIT"];
  const socket = connect(Number(SMTP_PORT), "127.0.0.1");
  socket.on("error", () => {});
  socket.on("data", (chunk) => { if (/^\\d{3} /m.test(String(chunk)) && lines.length > 0) socket.write(lines.shift() + "\\r\\n"); });
}

async function tell(text) {
  const { ok } = await fetch(CHAT_URL, { ...body, body: JSON.stringify({ text }) });
  if (!ok) mail(text);
}

async function look(reference) {
  const order = orders[reference];
  if (order.state === "approved") return;
  if (!order.id) {
    const submitted = await fetch(PARTNER_URL + "/submissions", { method: "POST", headers: { ...body.headers, "idempotency-key": reference }, body: JSON.stringify({ reference }) });
    order.id = (await submitted.json()).id;
    save();
  }
  const { outcome } = await (await fetch(PARTNER_URL + "/submissions/" + order.id)).json();
  if (outcome) order.state = outcome;
  else if (Date.now() > order.since + 1500 && order.state === "open") { order.state = "review"; await tell("order " + reference + " is stuck"); }
  save();
}

createServer(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  const reply = (status, value) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  if (request.method === "POST") {
    const { reference } = JSON.parse(text);
    orders[reference] ??= { state: "open", since: Date.now() };
    save();
    return reply(202, { id: reference });
  }
  const order = orders[request.url.split("/").at(-1)];
  return order || request.url === "/healthz" ? reply(200, order ?? {}) : reply(404, {});
}).listen(Number(PORT), "127.0.0.1");
const busy = new Set();
setInterval(() => {
  for (const reference of Object.keys(orders)) {
    if (busy.has(reference)) continue;
    busy.add(reference);
    look(reference).catch(() => {}).finally(() => busy.delete(reference));
  }
}, 50);
process.on("SIGTERM", () => process.exit(0));
`;

const plain = tinySystem();
const CONFIG = readFileSync(join(plain, "neverfails.yaml"), "utf8")
  .replace(
    'MODE: "',
    'DATA_DIR: "{{ system.dir }}", CHAT_URL: "{{ alerts.chat.url }}", SMTP_PORT: "{{ alerts.post.port }}", MODE: "',
  )
  .replace("means: { open: pending,", "means: { open: pending, review: attention,")
  .concat("alerts: { chat: { kind: slack }, post: { kind: email } }\n");

/** Without a key nobody could know whether a submission that was cut off has to be sent again. */
const PARTNER = readFileSync(join(plain, "partner.yaml"), "utf8").replace(
  "key: body.reference,",
  "key: body.reference, idempotency: { header: idempotency-key },",
);

const scenario = (faults: string, expectation = "recovers: { within: 5s }") =>
  `title: Own side\nworkload: { transactions: 6, rate: 20/s }\nfaults: [${faults}]\nexpect: { ${expectation} }\n`;

function project(scenarios: Record<string, string>, config = CONFIG): string {
  const files = Object.entries(scenarios).map(([id, text]) => [`own/${id}.yaml`, text]);
  return tinySystem({
    "server.mjs": SERVER,
    "neverfails.yaml": config.replace("./scenarios", "./own"),
    "partner.yaml": PARTNER,
    ...Object.fromEntries(files),
  });
}

async function verdicts(folder: string, env: Record<string, string> = {}) {
  const ran = await cli(["run", "--seed", "1", "--reporter", "json", "--output", "out"], {
    cwd: folder,
    env,
  });
  expect(ran.stderr).not.toMatch(/mistake/);
  const { scenarios } = JSON.parse(ran.stdout) as RunRecord;
  return scenarios.map(({ scenario: { id }, verdict }) => ({
    id,
    verdict: verdict.verdict,
    reasons: verdict.reasons,
    failed: verdict.checks.filter(({ status }) => status === "failed").map((check) => check.id),
  }));
}

describe("system.crash and system.pause", () => {
  const SCENARIOS = {
    accepted: scenario("{ fault: system.crash, when: after-accept, on: [3] }"),
    paused: scenario("{ fault: system.pause, when: 100ms, for: 1s }"),
    timed: scenario("{ fault: system.crash, when: 150ms, restartAfter: 50ms }"),
  };
  const passed = Object.keys(SCENARIOS).map((id) => ({ id, verdict: "passed", reasons: [], failed: [] }));

  it("are survived by a system that keeps its work on disk", async () => {
    const folder = project(SCENARIOS);
    expect(await verdicts(folder)).toEqual(passed);
    const { events } = readHistoryFile(join(folder, "out/latest/history/accepted.ndjson"));
    const pids = events.flatMap((event) => (event.kind === "system.started" ? [event.pid] : []));
    expect(new Set(pids).size).toBe(2);
  });

  it("are survived by one instance for all scenarios as well", async () => {
    const shared = CONFIG.replace("system:\n", "system:\n  isolation: suite\n");
    expect(await verdicts(project(SCENARIOS, shared))).toEqual(passed);
  });

  it("find the one that keeps it in memory", async () => {
    const { accepted, paused } = SCENARIOS;
    const [crash, pause] = await verdicts(project({ accepted, paused }), { MODE: "forgets" });
    expect(crash).toMatchObject({ id: "accepted", verdict: "failed" });
    expect(crash?.failed).toEqual(expect.arrayContaining(["recovers", "no-lost-transaction"]));
    expect(pause).toMatchObject({ id: "paused", verdict: "passed" });
  });
});

it("alerts.refused: somebody hears of stuck work by mail when the chat wants nothing any more", async () => {
  const faults = "{ fault: processing.stuck }, { fault: alerts.refused, channel: chat, during: 0s..3s }";
  const folder = project({
    mute: scenario(faults, "alerts: { within: 3s, names: each }, recovers: { within: 5s, to: attention }"),
  });
  expect(await verdicts(folder)).toEqual([{ id: "mute", verdict: "passed", reasons: [], failed: [] }]);
  const { events } = readHistoryFile(join(folder, "out/latest/history/mute.ndjson"));
  const channelsOf = (kind: string) =>
    new Set(events.flatMap((event) => (event.kind === kind && "channel" in event ? [event.channel] : [])));
  expect(channelsOf("alert.rejected")).toEqual(new Set(["chat"]));
  expect(channelsOf("alert.fired")).toEqual(new Set(["post"]));
});

describe("a system that runs already", () => {
  const attached = (scenarios: string) =>
    CONFIG.replace(/system:\n( {2}.*\n)+/, "system: { url: http://127.0.0.1:9 }\n").replace(
      "scenarios: [./scenarios]",
      `scenarios: ${scenarios}`,
    );

  it("is not refused: the shipped scenarios that would strike it are left out, and named", async () => {
    const folder = tinySystem({ "neverfails.yaml": attached("shipped") });
    const checked = await cli(["check"], { cwd: folder });
    expect(checked.stdout).toMatch(
      /^left out {2}.*unavailable\/paused-system.*: they kill or stop the system's process, which takes a system.command/m,
    );
    expect(checked.code).toBe(0);
    const ran = await cli(["run", "unavailable/paused-system"], { cwd: folder });
    expect(ran.stderr).toMatch(/^left out {2}unavailable\/paused-system: /m);
    expect(ran.code).toBe(2);
  });

  it("makes a mistake of an own scenario that would strike it", async () => {
    const own = scenario("{ fault: system.crash }");
    const folder = tinySystem({ "neverfails.yaml": attached("[./own]"), "own/kill.yaml": own });
    const { stderr, code } = await cli(["run"], { cwd: folder });
    expect(stderr).toMatch(/own\/kill.yaml:3:\d+ {2}faults\[0\].fault: needs a process to kill or to stop/);
    expect(code).toBe(2);
  });
});

it("neverfails serve refuses to arm what only a run can perform", async () => {
  const folder = project({ kill: scenario("{ fault: system.crash }") });
  const { stderr, code } = await cli(["serve", "partner.yaml", "--scenario", "own/kill.yaml"], {
    cwd: folder,
  });
  expect(stderr).toContain("system.crash is no fault of the partner's");
  expect(code).toBe(2);
});
