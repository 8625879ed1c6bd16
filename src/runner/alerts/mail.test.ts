import { connect } from "node:net";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventKind, EventOf } from "../../history/event.ts";
import { createHistoryLog, type HistoryLog } from "../../history/history.ts";
import { createClock } from "../../lib/clock.ts";
import { UserError } from "../../lib/problem.ts";
import type { Channel } from "../../scenarios/types.ts";
import { type Inbox, startInbox } from "./inbox.ts";
import { MAIL_LIMIT, type Mail, mailReader } from "./mail.ts";

const channels: Channel[] = [
  { name: "claimsOps", kind: "email", for: ["business"] },
  {
    name: "mapped",
    kind: "email",
    for: [],
    mapping: {
      resolved: "body.headers.`x-state` = 'ok'",
      dedup: "body.headers.`x-incident`",
      severity: "body.headers.`x-priority`",
      text: "body.text",
    },
  },
  { name: "chat", kind: "slack", for: [] },
];

let history: HistoryLog;
let inbox: Inbox;

beforeEach(async () => {
  history = createHistoryLog({ clock: createClock() });
  inbox = await startInbox({
    channels,
    history,
    namesIn: (text) => text.match(/CLM-\d+/g) ?? [],
  });
});

afterEach(() => inbox.close());

describe("a mail channel", () => {
  it("takes a message without any login and shows its subject and its text", async () => {
    const info = await send({
      to: "ops@example.test",
      subject: "2 claims are stuck",
      text: "CLM-001\nCLM-002",
    });
    expect(info.response).toMatch(/^250 /);
    expect(fired()).toMatchObject([
      { source: "inbox", channel: "claimsOps", text: "2 claims are stuck\nCLM-001\nCLM-002", canary: false },
    ]);
  });

  it("takes any login, and the login says which channel is meant", async () => {
    const { host, port, key } = address("mapped");
    await send({ subject: "by login", text: "x" }, { host, port, auth: { user: "mapped", pass: key } });
    await send(
      { subject: "any password", text: "x" },
      { host, port, auth: { user: "somebody", pass: "no" } },
    );
    await createTransport(address("mapped").url).sendMail(mailOf({ subject: "by url", text: "x" }));
    expect(fired().map(({ channel }) => channel)).toEqual(["mapped", "claimsOps", "mapped"]);
  });

  it("finds the channel by the recipient when nobody logs in", async () => {
    await send({ to: "Mapped@example.test", subject: "for whom?", text: "x" });
    expect(fired()).toMatchObject([{ channel: "mapped" }]);
  });

  it("finds names in an HTML part, whatever its markup, and repeats no text", async () => {
    await send({
      subject: "stuck",
      text: "see below",
      html: "<style>.CLM-9 {}</style><p>see&nbsp;below: <b>CLM-00</b>7 &amp; CLM&#45;008</p>",
    });
    await send({ subject: "the same twice", text: "a b", html: "<p>a</p> <p>b</p>" });
    const [first, second] = fired().map(({ text }) => text);
    expect(first).toContain("CLM-008");
    expect(first).not.toContain("CLM-9");
    expect(second).toBe("the same twice\na b");
  });

  it("decodes subjects and bodies as mail programs do", async () => {
    await send({ subject: "Überfällig: CLM-001 — bitte prüfen", text: "größer als sonst ".repeat(20) });
    expect(fired()[0]?.text).toContain("Überfällig: CLM-001 — bitte prüfen\ngrößer als sonst");
  });

  it("joins one with the same subject, and closes it with RESOLVED in front", async () => {
    await send({ subject: "[FIRING:1] results are overdue", text: "CLM-001" });
    await send({ subject: "results are overdue", text: "CLM-002" });
    await send({ subject: "RESOLVED: results are overdue", text: "all settled" });
    await send({ subject: "results are overdue", text: "again" });
    expect(fired().map(({ alert, repeat }) => [alert, repeat])).toEqual([
      ["claimsOps-1", false],
      ["claimsOps-1", true],
      ["claimsOps-2", false],
    ]);
    expect(eventsOf("alert.resolved")).toMatchObject([{ channel: "claimsOps", alert: "claimsOps-1" }]);
  });

  it("follows a mapping over the mail", async () => {
    const to = "mapped@example.test";
    const headers = (state: string) => ({ "X-State": state, "X-Incident": "i-1", "X-Priority": "HIGH" });
    await send({ to, subject: "1 stuck", text: "CLM-001", headers: headers("bad") });
    await send({ to, subject: "2 stuck", text: "CLM-002", headers: headers("bad") });
    await send({ to, subject: "nothing is stuck", text: "over", headers: headers("ok") });
    expect(fired()).toMatchObject([
      { text: "CLM-001", severity: "high", repeat: false },
      { text: "CLM-002", severity: "high", repeat: true },
    ]);
    expect(eventsOf("alert.resolved")).toHaveLength(1);
  });

  it("keeps the names that only the cut part of a long message holds", async () => {
    await send({ subject: "many", text: [...Array(200).fill("x".repeat(70)), "CLM-777"].join("\n") });
    const text = fired()[0]?.text ?? "";
    expect(text.length).toBeLessThan(9_000);
    expect(text).toMatch(/… CLM-777$/);
  });

  it("refuses a message that is too large, and goes on", async () => {
    await expect(send({ subject: "huge", text: "x".repeat(MAIL_LIMIT + 10) })).rejects.toThrow(/552/);
    await send({ subject: "small", text: "x" });
    expect(fired().map(({ text }) => text)).toEqual(["small\nx"]);
  });

  it("survives a client that talks nonsense and hangs up in the middle of a message", async () => {
    const { host, port } = address("claimsOps");
    await new Promise<void>((resolve) => {
      const socket = connect(port, host, () => {
        socket.write("NONSENSE\r\nEHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nSubject: half");
      });
      // It has begun to take the message when it asks for it.
      let heard = "";
      socket.setEncoding("latin1").on("data", (text: string) => {
        heard += text;
        if (/^354 /m.test(heard)) socket.destroy();
      });
      socket.once("close", () => resolve());
    });
    await send({ subject: "whole", text: "x" });
    expect(fired().map(({ text }) => text)).toEqual(["whole\nx"]);
  });

  it("says which port is taken", async () => {
    const taken = startInbox({ channels, history, mailPort: address("claimsOps").port });
    await expect(taken).rejects.toThrow(UserError);
    await expect(taken).rejects.toThrow(/the mail server .* cannot listen on port \d+ \(EADDRINUSE\)/);
  });
});

it("reads long hostile HTML in no time", async () => {
  const mail: Mail = {
    subject: "s",
    text: "",
    html: "<style".repeat(150_000),
    from: "",
    to: [],
    headers: {},
  };
  const began = performance.now();
  await mailReader()(mail);
  await mailReader()({ ...mail, html: "<".repeat(900_000) });
  expect(performance.now() - began).toBeLessThan(3_000);
});

type Sent = { to?: string; subject: string; text: string; html?: string; headers?: Record<string, string> };

function mailOf(mail: Sent) {
  return { from: "service@example.test", to: "ops@example.test", ...mail };
}

function send(
  mail: Sent,
  server: object = { host: address("claimsOps").host, port: address("claimsOps").port },
) {
  return createTransport({ ...server, secure: false }).sendMail(mailOf(mail));
}

function address(name: string) {
  const found = inbox.names[name];
  if (!found) throw new Error(`no channel ${name}`);
  return found;
}

function eventsOf<K extends EventKind>(kind: K): EventOf<K>[] {
  return history.events.filter((event): event is EventOf<K> => event.kind === kind);
}

function fired() {
  return eventsOf("alert.fired");
}
