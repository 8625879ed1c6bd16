import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventKind, EventOf } from "../../history/event.ts";
import { createHistoryLog, type HistoryLog } from "../../history/history.ts";
import { createClock } from "../../lib/clock.ts";
import { UserError } from "../../lib/problem.ts";
import type { Channel } from "../../scenarios/types.ts";
import type { ChannelAddress } from "./addresses.ts";
import { type Inbox, startInbox } from "./inbox.ts";

const channels: Channel[] = [
  { name: "claimsOps", kind: "slack", for: ["business"] },
  { name: "billing", kind: "slack", for: ["business"] },
  { name: "onCall", kind: "pagerduty", for: ["technical"] },
  { name: "second", kind: "pagerduty", for: ["technical"] },
  { name: "hook", kind: "webhook", for: [] },
  {
    name: "mapped",
    kind: "webhook",
    for: [],
    mapping: {
      resolved: 'body.state = "ok"',
      dedup: "body.check.name",
      severity: "body.grade",
      text: "body.words",
    },
  },
];

let history: HistoryLog;
let inbox: Inbox;

beforeEach(async () => {
  history = createHistoryLog({ clock: createClock() });
  inbox = await startInbox({ channels, history });
});

afterEach(() => inbox.close());

describe("a Slack channel", () => {
  it("answers ok and shows everything that people would read", async () => {
    const reply = await send("claimsOps", {
      text: "2 claims are stuck &lt;urgent&gt;",
      blocks: [
        { type: "section", block_id: "b1", text: { type: "mrkdwn", text: "*CLM-001* waits since 10:00" } },
        { type: "section", fields: [{ type: "plain_text", text: "Partner: Acme" }] },
      ],
      attachments: [{ color: "danger", title: "CLM-002", fields: [{ title: "Amount", value: 120 }] }],
    });
    expect([reply.status, await reply.text()]).toEqual([200, "ok"]);
    expect(reply.headers.get("content-type")).toContain("text/plain");
    expect(fired()).toMatchObject([{ source: "inbox", channel: "claimsOps", canary: false, repeat: false }]);
    expect(fired()[0]?.text.split("\n")).toEqual([
      "2 claims are stuck <urgent>",
      "*CLM-001* waits since 10:00",
      "Partner: Acme",
      "CLM-002",
      "Amount",
      "120",
    ]);
  });

  it("takes the payload as a form field too", async () => {
    const reply = await fetch(address("claimsOps").url, {
      method: "POST",
      body: new URLSearchParams({ payload: JSON.stringify({ text: "CLM-001" }) }),
    });
    expect(reply.status).toBe(200);
    expect(fired()).toMatchObject([{ text: "CLM-001" }]);
  });

  it("is told from another one by its token, and every message is an alert of its own", async () => {
    await send("billing", { text: "same" });
    await send("billing", { text: "same" });
    await send("claimsOps", { text: "same" });
    expect(fired().map(({ channel, alert, repeat }) => [channel, alert, repeat])).toEqual([
      ["billing", "billing-1", false],
      ["billing", "billing-2", false],
      ["claimsOps", "claimsOps-1", false],
    ]);
  });

  it.each([
    "[RESOLVED] CLM-001 is stuck",
    "Resolved: CLM-001 is stuck",
    ":white_check_mark: Resolved: all good",
    "✅ [Recovered] x",
  ])("does not take the all clear %j for an alert", async (text) => {
    await send("claimsOps", { text: "[FIRING:1] CLM-001 is stuck" });
    await send("claimsOps", { text });
    expect(fired()).toHaveLength(1);
    expect(eventsOf("alert.resolved")).toMatchObject([{ channel: "claimsOps", alert: "claimsOps-1" }]);
  });

  it.each(["CLM-001 is not resolved", "Unresolved: CLM-001", "resolved claims: 3, stuck: 2"])(
    "takes %j for an alert",
    async (text) => {
      await send("claimsOps", { text });
      expect(fired()).toHaveLength(1);
    },
  );

  it.each([
    ["no JSON", "{text:", 400, "invalid_payload"],
    ["nothing", "", 400, "invalid_payload"],
    ["a list", "[]", 400, "invalid_payload"],
    ["no text", "{}", 400, "no_text"],
    ["an empty text", '{"text":"  "}', 400, "no_text"],
    ["blocks that are none", '{"text":"x","blocks":{}}', 400, "invalid_blocks"],
    ["a block without a type", '{"blocks":[{"text":"x"}]}', 400, "invalid_blocks"],
    [
      "101 attachments",
      JSON.stringify({ attachments: Array(101).fill({ text: "x" }) }),
      400,
      "too_many_attachments",
    ],
    ["more than a mebibyte", JSON.stringify({ text: "x".repeat(1024 * 1024) }), 413, "too_large"],
  ])("refuses %s in Slack's words", async (_, body, status, word) => {
    const reply = await fetch(address("claimsOps").url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect([reply.status, await reply.text()]).toEqual([status, word]);
    expect(fired()).toEqual([]);
    expect(rejected()).toMatchObject([
      { channel: "claimsOps", status, reason: expect.stringContaining(word) },
    ]);
  });

  it("answers 404 for a hook that was never given out, and 405 for a GET", async () => {
    const { url } = address("claimsOps");
    const wrong = await fetch(url.slice(0, -1), { method: "POST", body: '{"text":"x"}' });
    expect([wrong.status, await wrong.text()]).toEqual([404, "no_service"]);
    const otherTeam = await fetch(url.replace("/services/T", "/services/TX"), { method: "POST", body: "{}" });
    expect(otherTeam.status).toBe(404);
    const read = await fetch(url);
    expect([read.status, read.headers.get("allow")]).toEqual([405, "POST"]);
    expect(rejected().map(({ status }) => status)).toEqual([404, 404, 405]);
  });
});

describe("a PagerDuty channel", () => {
  it("accepts a trigger, joins repeats to the open alert, and opens a new one after a resolve", async () => {
    const reply = await page("trigger", { dedup_key: "claims-stuck" });
    expect(reply.status).toBe(202);
    expect(await reply.json()).toEqual({
      status: "success",
      message: "Event processed",
      dedup_key: "claims-stuck",
    });
    await page("trigger", { dedup_key: "claims-stuck" });
    await page("acknowledge", { dedup_key: "claims-stuck" });
    await page("resolve", { dedup_key: "claims-stuck" });
    await page("trigger", { dedup_key: "claims-stuck" });
    expect(fired().map(({ channel, alert, repeat, severity }) => [channel, alert, repeat, severity])).toEqual(
      [
        ["onCall", "onCall-1", false, "critical"],
        ["onCall", "onCall-1", true, "critical"],
        ["onCall", "onCall-2", false, "critical"],
      ],
    );
    expect(eventsOf("alert.resolved")).toMatchObject([{ channel: "onCall", alert: "onCall-1" }]);
  });

  it("shows summary, source, component and details", async () => {
    await page("trigger", {
      payload: {
        summary: "claims are stuck",
        source: "claims-service",
        severity: "error",
        component: "acme",
        custom_details: { claims: ["CLM-001", "CLM-002"], "CLM-003": "late" },
      },
    });
    expect(fired()[0]?.text.split("\n")).toEqual([
      "claims are stuck",
      "source: claims-service",
      "component: acme",
      "claims: CLM-001",
      "claims: CLM-002",
      "CLM-003: late",
    ]);
  });

  it("makes up a dedup key for a trigger without one, and the system can resolve with it", async () => {
    const reply = await page("trigger", {});
    const { dedup_key: key } = (await reply.json()) as { dedup_key: string };
    expect(key).toMatch(/^\w{32}$/);
    await page("trigger", {});
    await page("resolve", { dedup_key: key });
    expect(fired().map(({ alert }) => alert)).toEqual(["onCall-1", "onCall-2"]);
    expect(eventsOf("alert.resolved")).toMatchObject([{ alert: "onCall-1" }]);
  });

  it("accepts and drops a resolve or acknowledgement of what is not open, or of another routing key's", async () => {
    await page("trigger", { dedup_key: "k" });
    const replies = [
      await page("resolve", { dedup_key: "other" }),
      await page("acknowledge", { dedup_key: "other" }),
      await page("resolve", { dedup_key: "k", routing_key: address("second").key }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(eventsOf("alert.resolved")).toEqual([]);
  });

  it("is told from another one by its routing key; any other well-formed key goes to the first", async () => {
    await page("trigger", { routing_key: address("second").key });
    await page("trigger", { routing_key: "R0123456789abcdefghijklmnopqrstu" });
    expect(fired().map(({ channel }) => channel)).toEqual(["second", "onCall"]);
  });

  const payload = { summary: "s", source: "x", severity: "info" };
  it.each([
    ["no routing key", { routing_key: undefined }, "'routing_key' is missing or blank"],
    [
      "a short routing key",
      { routing_key: "short" },
      "Length of 'routing_key' is incorrect (should be 32 characters)",
    ],
    ["no action", { event_action: undefined }, "'event_action' is missing or blank"],
    ["an unknown action", { event_action: "shout" }, "'event_action' is invalid"],
    ["a long dedup key", { dedup_key: "k".repeat(256) }, "'dedup_key' is too long"],
    ["a resolve without a dedup key", { event_action: "resolve" }, "'dedup_key' is missing or blank"],
    ["no payload", { payload: undefined }, "'payload' is missing or blank"],
    ["no summary", { payload: { ...payload, summary: " " } }, "'payload.summary' is missing or blank"],
    [
      "a long summary",
      { payload: { ...payload, summary: "s".repeat(1025) } },
      "'payload.summary' is too long",
    ],
    ["no source", { payload: { ...payload, source: null } }, "'payload.source' is missing or blank"],
    ["a severity of its own", { payload: { ...payload, severity: "high" } }, "'payload.severity' is invalid"],
    ["a bad timestamp", { payload: { ...payload, timestamp: "noon" } }, "'payload.timestamp' is invalid"],
    [
      "details as text",
      { payload: { ...payload, custom_details: "x" } },
      "'payload.custom_details' is invalid",
    ],
  ])("refuses %s", async (_, change, error) => {
    const reply = await page("trigger", change);
    expect(reply.status).toBe(400);
    const body = (await reply.json()) as { status: string; message: string; errors: string[] };
    expect(body).toMatchObject({ status: "invalid event", message: "Event object is invalid" });
    expect(body.errors.join()).toContain(error);
    expect(fired()).toEqual([]);
    expect(rejected()).toMatchObject([{ channel: "onCall", status: 400 }]);
    expect(rejected()[0]?.reason).toContain(error);
  });

  it("accepts the largest that the rules allow", async () => {
    const reply = await page("trigger", {
      dedup_key: "k".repeat(255),
      payload: { ...payload, summary: "s".repeat(1024), timestamp: "2026-01-02T03:04:05.678+0000" },
    });
    expect(reply.status).toBe(202);
  });

  it("refuses what is no JSON, what is too large, and what is no POST", async () => {
    const { url } = address("onCall");
    const post = (body: string) => fetch(url, { method: "POST", body });
    expect((await post("<event/>")).status).toBe(400);
    expect((await post("x".repeat(512 * 1024 + 1))).status).toBe(413);
    expect((await fetch(url)).status).toBe(405);
    expect(rejected().map(({ channel, status }) => [channel, status])).toEqual([
      ["onCall", 400],
      ["onCall", 413],
      ["onCall", 405],
    ]);
  });
});

describe("a webhook channel", () => {
  it("takes any JSON, and finds status, key and severity under their usual names", async () => {
    const reply = await send("hook", {
      alertname: "Stuck",
      status: "firing",
      severity: "Critical",
      claim: "CLM-001",
    });
    expect(reply.status).toBe(200);
    await send("hook", { alertname: "Stuck", status: "firing", severity: "Critical", claim: "CLM-002" });
    await send("hook", { alertname: "Stuck", status: "resolved" });
    await send("hook", ["just", "words"]);
    expect(fired().map(({ alert, repeat, severity }) => [alert, repeat, severity])).toEqual([
      ["hook-1", false, "critical"],
      ["hook-1", true, "critical"],
      ["hook-2", false, undefined],
    ]);
    expect(fired()[0]?.text).toContain('"claim":"CLM-001"');
    expect(eventsOf("alert.resolved")).toMatchObject([{ channel: "hook", alert: "hook-1" }]);
  });

  it("understands what Alertmanager sends", async () => {
    const group = (status: string) => ({
      version: "4",
      groupKey: '{}:{alertname="PartnerDown"}',
      status,
      commonLabels: { severity: "critical" },
      alerts: [{ status, labels: { alertname: "PartnerDown" }, annotations: { summary: "5xx" } }],
    });
    await send("hook", group("firing"));
    await send("hook", group("resolved"));
    expect(fired()).toMatchObject([{ severity: "critical" }]);
    expect(eventsOf("alert.resolved")).toHaveLength(1);
  });

  it("follows the channel's own mapping", async () => {
    await send("mapped", {
      state: "bad",
      check: { name: "queue" },
      grade: "P1",
      words: "CLM-001 waits",
      status: "resolved",
    });
    await send("mapped", {
      state: "bad",
      check: { name: "queue" },
      grade: "P1",
      words: "CLM-001 still waits",
    });
    await send("mapped", { state: "ok", check: { name: "queue" }, words: "fine" });
    expect(fired()).toMatchObject([
      { alert: "mapped-1", text: "CLM-001 waits", severity: "p1", repeat: false },
      { alert: "mapped-1", text: "CLM-001 still waits", repeat: true },
    ]);
    expect(eventsOf("alert.resolved")).toMatchObject([{ alert: "mapped-1", text: "fine" }]);
  });

  it("refuses what is no JSON and addresses that it never gave out", async () => {
    const { url } = address("hook");
    expect((await fetch(url, { method: "PUT", body: '{"a":1}' })).status).toBe(200);
    expect((await fetch(url, { method: "POST", body: "hello" })).status).toBe(400);
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(`${url}x`, { method: "POST", body: "{}" })).status).toBe(404);
    expect((await fetch(`${address("hook").base}/alerts`, { method: "POST", body: "{}" })).status).toBe(404);
    expect(rejected().map(({ channel, status }) => [channel, status])).toEqual([
      ["hook", 400],
      ["hook", 405],
      ["hook", 404],
      ["unknown", 404],
    ]);
  });
});

describe("the inbox", () => {
  it("marks what arrives while the canary window is on", async () => {
    inbox.canaryWindow(true);
    await send("claimsOps", { text: "test alert" });
    inbox.canaryWindow(false);
    await send("claimsOps", { text: "real alert" });
    expect(fired().map(({ canary }) => canary)).toEqual([true, false]);
  });

  it("gives every channel an address of its own that stays the same from run to run", async () => {
    const other = await startInbox({ channels, history });
    for (const { name } of channels) expect(other.names[name]?.key).toBe(address(name).key);
    expect(new Set(channels.map(({ name }) => address(name).key)).size).toBe(channels.length);
    expect(address("claimsOps").url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/services\/T\w+\/B\w+\/\w{24}$/);
    expect(address("onCall")).toMatchObject({
      host: "127.0.0.1",
      port: inbox.port,
      base: `http://127.0.0.1:${inbox.port}`,
    });
    expect(address("onCall").key).toHaveLength(32);
    await other.close();
  });

  it("bounds the text, and keeps the names that the cut would lose", async () => {
    const naming = await startInbox({
      channels,
      history,
      namesIn: (text) => text.match(/CLM-\d{3}/g) ?? [],
    });
    const text = `CLM-001 ${"é".repeat(20_000)} CLM-002`;
    await fetch(naming.names.claimsOps?.url ?? "", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
    });
    await naming.close();
    expect(fired()[0]?.text.length).toBeLessThan(8_300);
    expect(fired()[0]?.text).toMatch(/^CLM-001 é+… CLM-002$/);
  });

  it("survives JSON that is nested a hundred thousand deep", async () => {
    const depth = 100_000;
    const body = `{"text":"x","attachments":[{"a":${"[".repeat(depth)}${"]".repeat(depth)}}]}`;
    expect((await fetch(address("claimsOps").url, { method: "POST", body })).status).toBe(200);
    expect((await fetch(address("hook").url, { method: "POST", body })).status).toBe(200);
  });

  it("answers bytes that are no HTTP with 400 and goes on", async () => {
    const said = await new Promise<string>((resolve) => {
      const socket = connect(inbox.port, "127.0.0.1", () => socket.write("NOT HTTP AT ALL\r\n\r\n"));
      let text = "";
      socket.on("data", (bytes) => {
        text += bytes;
      });
      socket.on("close", () => resolve(text));
    });
    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expect((await send("claimsOps", { text: "still here" })).status).toBe(200);
  });

  it("says which port is taken", async () => {
    await expect(startInbox({ channels, history, port: inbox.port })).rejects.toThrow(UserError);
    await expect(startInbox({ channels, history, port: inbox.port })).rejects.toThrow(
      `cannot listen on port ${inbox.port} (EADDRINUSE)`,
    );
  });

  it("closes although a client holds its connection", async () => {
    const socket = connect(inbox.port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    await inbox.close();
    await closed;
    await expect(send("claimsOps", { text: "anybody?" })).rejects.toThrow();
  });
});

function address(name: string): ChannelAddress {
  const found = inbox.names[name];
  if (!found) throw new Error(`no channel ${name}`);
  return found;
}

function send(name: string, body: unknown): Promise<Response> {
  return fetch(address(name).url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** An event to PagerDuty's address; `change` replaces fields of a good one. */
function page(action: string, change: Record<string, unknown>): Promise<Response> {
  return send("onCall", {
    routing_key: address("onCall").key,
    event_action: action,
    payload: { summary: "claims are stuck", source: "claims-service", severity: "critical" },
    ...change,
  });
}

function eventsOf<K extends EventKind>(kind: K): EventOf<K>[] {
  return history.events.filter((event): event is EventOf<K> => event.kind === kind);
}

function fired() {
  return eventsOf("alert.fired");
}

function rejected() {
  return eventsOf("alert.rejected");
}
