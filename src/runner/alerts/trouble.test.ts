import { connect } from "node:net";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHistoryLog, type HistoryLog } from "../../history/history.ts";
import { createClock } from "../../lib/clock.ts";
import type { Channel } from "../../scenarios/types.ts";
import { faultUseSchema } from "../../simulator/faults/index.ts";
import { createPlan, type Plan } from "../../simulator/plan/plan.ts";
import { resolveSchedule } from "../../simulator/plan/resolve.ts";
import { alertTroubles } from "../scenario/alert-troubles.ts";
import { type Inbox, startInbox } from "./inbox.ts";

const channels: Channel[] = [
  { name: "chat", kind: "slack", for: [] },
  { name: "pager", kind: "pagerduty", for: [] },
  { name: "hook", kind: "webhook", for: [] },
  { name: "post", kind: "email", for: [] },
];

let history: HistoryLog;
let inbox: Inbox;
let plan: Plan;
const clock = createClock();

beforeEach(async () => {
  history = createHistoryLog({ clock });
  inbox = await startInbox({ channels, history });
});

afterEach(() => inbox.close());

describe("alerts.unavailable", () => {
  it("hits the first channel only, unless another is named", async () => {
    await arm({ fault: "alerts.unavailable" });
    const [answer] = await raw(chatRequest());
    expect(answer).toBe("HTTP/1.1 503 Service Unavailable");
    expect((await page()).status).toBe(202);
    expect(rejected()).toMatchObject([
      { channel: "chat", status: 503, reason: "503 service_unavailable", faults: [0] },
    ]);
  });

  it("answers Slack's own words for a 500, and says when to come back", async () => {
    await arm({ fault: "alerts.unavailable", status: 500, retryAfter: "1500ms" });
    const lines = await raw(chatRequest());
    expect(lines[0]).toBe("HTTP/1.1 500 Internal Server Error");
    expect(lines).toContain("retry-after: 2");
    expect(lines.at(-1)).toBe("rollup_error");
  });

  it("is over with its window, and with heal", async () => {
    await arm({ fault: "alerts.unavailable", channel: "pager", attempts: "1..2" });
    expect([(await page()).status, (await page()).status, (await page()).status]).toEqual([503, 503, 202]);
    await arm({ fault: "alerts.unavailable", channel: "pager" });
    expect((await page()).status).toBe(503);
    plan.disarm();
    expect((await page()).status).toBe(202);
  });
});

describe("alerts.throttled", () => {
  it("answers every channel by its protocol: 429 with Retry-After, 450 from the mail server", async () => {
    await arm({ fault: "alerts.throttled", channel: "all", retryAfter: "3s" });
    const chat = await raw(chatRequest());
    expect(chat[0]).toBe("HTTP/1.1 429 Too Many Requests");
    expect(chat).toContain("retry-after: 3");
    expect(chat.at(-1)).toBe("rate_limited");
    const paged = await page();
    expect([paged.status, paged.headers.get("retry-after"), await paged.json()]).toEqual([
      429,
      "3",
      { status: "throttle exceeded", message: expect.any(String) },
    ]);
    const hooked = await post("hook", { text: "stuck" });
    expect([hooked.status, hooked.headers.get("retry-after")]).toEqual([429, "3"]);
    await expect(mail()).rejects.toMatchObject({
      responseCode: 450,
      response: expect.stringContaining("4.7.1"),
    });
    expect(rejected().map(({ channel, status }) => [channel, status])).toEqual([
      ["chat", 429],
      ["pager", 429],
      ["hook", 429],
      ["post", 450],
    ]);
    expect(history.events.some(({ kind }) => kind === "alert.fired")).toBe(false);
  });
});

describe("alerts.refused", () => {
  it("refuses for good: 403, and 550 from the mail server", async () => {
    await arm({ fault: "alerts.refused", channel: "all" });
    const chat = await raw(chatRequest());
    expect([chat[0], chat.at(-1)]).toEqual(["HTTP/1.1 403 Forbidden", "action_prohibited"]);
    expect((await page()).status).toBe(403);
    await expect(mail()).rejects.toMatchObject({ responseCode: 550 });
  });

  it("leaves what the real service would refuse to its own words", async () => {
    await arm({ fault: "alerts.refused", channel: "all" });
    const reply = await post("chat", {});
    expect([reply.status, await reply.text()]).toEqual([400, "no_text"]);
    expect(history.events.some(({ kind }) => kind === "fault.fired")).toBe(false);
  });
});

describe("a message that met the trouble", () => {
  it("fires the fault for the transactions that it names, once each", async () => {
    await arm({ fault: "alerts.unavailable" });
    await post("chat", { text: "T-2 is stuck" });
    await post("chat", { text: "T-2 is still stuck" });
    expect(firedKeys()).toEqual(["T-2"]);
  });

  it("fires it for all in flight when it names none", async () => {
    await arm({ fault: "alerts.unavailable" });
    await post("chat", { text: "the partner is down" });
    expect(firedKeys()).toEqual(["T-1", "T-2"]);
  });
});

async function arm(use: Record<string, unknown>): Promise<void> {
  const schedule = await resolveSchedule({
    seed: "seed",
    scenario: "test",
    faults: [faultUseSchema.parse(use)],
    transactions: [],
  });
  plan = createPlan({ schedule, clock, history, ordinalOf: () => undefined });
  plan.arm({ outcomes: [], promisesMs: 0 });
  const progress = { inFlight: () => ["T-1", "T-2"], faulted: () => ["T-1", "T-2", "T-3"] };
  const keysIn = (text: string) => text.match(/T-\d/g) ?? [];
  inbox.trouble(alertTroubles({ plan, channels, history, progress, keysIn }));
}

function address(name: string) {
  const found = inbox.names[name];
  if (!found) throw new Error(`no channel ${name}`);
  return found;
}

function post(name: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(address(name).url, { method: "POST", headers, body: JSON.stringify(body) });
}

function page(): Promise<Response> {
  const payload = { summary: "stuck", source: "service", severity: "critical" };
  return post("pager", { routing_key: address("pager").key, event_action: "trigger", payload });
}

function mail() {
  const { host, port } = address("post");
  const transport = createTransport({ host, port, secure: false });
  return transport.sendMail({ from: "a@example.test", to: "b@example.test", subject: "stuck", text: "x" });
}

function chatRequest(): string {
  const body = '{"text":"stuck"}';
  const { pathname } = new URL(address("chat").url);
  return `POST ${pathname} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
}

/** The lines of the answer as they come over the socket. */
function raw(request: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(inbox.port, "127.0.0.1", () => socket.write(request));
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text.split("\r\n")));
  });
}

function rejected() {
  return history.events.filter((event) => event.kind === "alert.rejected");
}

function firedKeys() {
  return history.events.flatMap((event) => (event.kind === "fault.fired" ? [event.key] : []));
}
