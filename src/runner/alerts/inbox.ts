// The alert inbox: loopback servers that stand in for Slack, PagerDuty, webhook receivers and mail, and tell the history.
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { HistoryLog } from "../../history/history.ts";
import { chooseTag } from "../../lib/choice.ts";
import { UserError } from "../../lib/problem.ts";
import type { Channel } from "../../scenarios/types.ts";
import { addressOf, type ChannelAddress } from "./addresses.ts";
import { readBody } from "./body.ts";
import { mailReader } from "./mail.ts";
import { type Envelope, type MailReply, type MailServer, startMailServer } from "./mail-server.ts";
import { type Incoming, jsonReply, type Message, plainReply, type Reading, refusal } from "./message.ts";
import { PAGERDUTY_BODY_LIMIT, pagerDutyTooLarge, readPagerDuty } from "./pagerduty.ts";
import { createRecorder } from "./recorder.ts";
import { readSlack, SLACK_BODY_LIMIT, unknownSlackHook } from "./slack.ts";
import { type ActiveTrouble, type Troubles, troubledMailReply, troubledReply } from "./trouble.ts";
import { WEBHOOK_BODY_LIMIT, webhookReader } from "./webhook.ts";

export interface InboxOptions {
  channels: readonly Channel[];
  history: HistoryLog;
  /** Default: any free port. */
  port?: number;
  /** Of the mail server, which runs only when a channel needs it. Default: any free port. */
  mailPort?: number;
  /** Transactions (keys or ids) that a text names: those in the cut part of a very long alert are kept. */
  namesIn?: (text: string) => readonly string[];
}

export interface Inbox extends AsyncDisposable {
  /** Channel → address: `alerts` in expressions. */
  readonly names: Readonly<Record<string, ChannelAddress>>;
  readonly port: number;
  /** While it is on, what arrives is the answer to the canary call and accuses nobody. */
  canaryWindow(on: boolean): void;
  /** From now on channels are in trouble as this says; undefined: none is. */
  trouble(troubles: Troubles | undefined): void;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** What is sent to an address that belongs to no channel. */
const NO_CHANNEL = "unknown";

/** Throws UserError when the port is taken, ExpressionError when a mapping does not parse. */
export async function startInbox({
  channels,
  history,
  port,
  mailPort,
  namesIn,
}: InboxOptions): Promise<Inbox> {
  const record = createRecorder(history, namesIn);
  const mailChannels = channels
    .filter(({ kind }) => kind === "email")
    .map((channel) => ({ ...channel, read: mailReader(channel.mapping) }));
  let canary = false;
  let troubles: Troubles | undefined;
  let names: Record<string, ChannelAddress> = {};
  let generated = 0;

  const app = new Hono();
  const byKey = (kind: Channel["kind"], key: string) =>
    channels.find((channel) => channel.kind === kind && names[channel.name]?.key === key);
  const first = (kind: Channel["kind"]) => channels.find((channel) => channel.kind === kind);
  const nameOf = (channel: Channel | undefined) => channel?.name ?? NO_CHANNEL;

  app.post("/services/*", async (c) => {
    const [, , , , token = ""] = c.req.path.split("/");
    const channel = byKey("slack", token);
    const isHook = channel && names[channel.name]?.url.endsWith(c.req.path);
    if (!isHook) return answer(c, nameOf(first("slack")), unknownSlackHook());
    const incoming = await readIncoming(c, SLACK_BODY_LIMIT);
    const reading = incoming ? readSlack(incoming) : refusal(plainReply(413, "too_large"), "413 too_large");
    return answer(c, channel.name, reading);
  });

  app.post("/v2/enqueue", async (c) => {
    if (!first("pagerduty")) return answer(c, NO_CHANNEL, notFound(c));
    const incoming = await readIncoming(c, PAGERDUTY_BODY_LIMIT);
    if (!incoming) return answer(c, nameOf(first("pagerduty")), pagerDutyTooLarge());
    const reading = readPagerDuty(incoming, () => chooseTag(32, "dedup key", ++generated));
    // Any well-formed key is accepted: one that is no channel's goes to the first.
    const channel = byKey("pagerduty", reading.routingKey ?? "") ?? first("pagerduty");
    return answer(c, nameOf(channel), reading);
  });

  for (const channel of channels) {
    if (channel.kind !== "webhook") continue;
    const read = webhookReader(channel.mapping);
    app.on(["POST", "PUT"], `/webhooks/${addressOf(channel, { host: HOST, port: 0 }).key}`, async (c) => {
      const incoming = await readIncoming(c, WEBHOOK_BODY_LIMIT);
      const reading = incoming
        ? await read(incoming)
        : refusal(jsonReply(413, { error: "the body is too large" }), "413 the body is too large");
      return answer(c, channel.name, reading);
    });
  }

  for (const [path, kind] of [
    ["/services/*", "slack"],
    ["/v2/enqueue", "pagerduty"],
    ["/webhooks/*", "webhook"],
  ] as const) {
    app.all(path, (c) => {
      const known = kind !== "webhook" || channels.some(({ name }) => names[name]?.url.endsWith(c.req.path));
      return answer(c, nameOf(first(kind)), known ? methodNotAllowed(c) : notFound(c));
    });
  }
  app.notFound((c) => answer(c, NO_CHANNEL, notFound(c)));

  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
  server.requestTimeout = 10_000;
  const listening = await listen(server, port ?? 0);
  const closeHttp = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  let mail: MailServer | undefined;
  try {
    if (mailChannels.length > 0) {
      const onRefused = (envelope: Omit<Envelope, "mail">, { code, text }: MailReply) =>
        record({
          channel: mailChannelOf(envelope).name,
          status: code,
          message: { kind: "refuse", reason: `${code} ${text}` },
          canary,
        });
      mail = await startMailServer({ host: HOST, port: mailPort ?? 0, onMail, onRefused });
    }
  } catch (cause) {
    await closeHttp();
    throw cause;
  }
  const where = { host: HOST, port: listening, ...(mail && { mailPort: mail.port }) };
  names = Object.fromEntries(channels.map((channel) => [channel.name, addressOf(channel, where)]));

  const close = async () => {
    await Promise.all([closeHttp(), mail?.close()]);
  };
  return {
    names,
    port: listening,
    canaryWindow: (on) => {
      canary = on;
    },
    trouble: (next) => {
      troubles = next;
    },
    close,
    [Symbol.asyncDispose]: close,
  };

  function answer(c: Context, channel: string, reading: Reading): Response {
    const trouble = troubleWith(channel, reading.message);
    const kind = channels.find(({ name }) => name === channel)?.kind;
    const { reply, message } = trouble && kind ? troubledReply(kind, trouble.trouble) : reading;
    record({ channel, status: reply.status, message, canary, ...(trouble && { faults: [trouble.fault] }) });
    return c.body(reply.body, {
      status: reply.status as 200,
      headers: { "content-type": reply.contentType, ...reply.headers },
    });
  }

  /** What a fault makes of a message that the service would have taken. */
  function troubleWith(channel: string, message: Message): ActiveTrouble | undefined {
    if (message.kind === "refuse") return undefined;
    const trouble = troubles?.of(channel);
    if (trouble) troubles?.met(trouble, message.kind === "nothing" ? "" : message.text);
    return trouble;
  }

  async function onMail(envelope: Envelope): Promise<MailReply> {
    const channel = mailChannelOf(envelope);
    const message = await channel.read(envelope.mail);
    const trouble = troubleWith(channel.name, message);
    if (!trouble) {
      record({ channel: channel.name, status: 250, message, canary });
      return { code: 250, text: "2.0.0 Queued" };
    }
    const reply = troubledMailReply(trouble.trouble);
    const reason = `${reply.code} ${reply.text}`;
    record({
      channel: channel.name,
      status: reply.code,
      message: { kind: "refuse", reason },
      canary,
      faults: [trouble.fault],
    });
    return reply;
  }

  /** By the login, or by the local part of a recipient; otherwise the first one. */
  function mailChannelOf({ user, recipients }: Omit<Envelope, "mail">) {
    const called = [user ?? "", ...recipients.map((address) => address.split("@")[0] ?? "")];
    const isCalled = (name: string) => called.some((word) => word.toLowerCase() === name.toLowerCase());
    const [first] = mailChannels;
    const found = mailChannels.find(({ name }) => isCalled(name)) ?? first;
    if (!found) throw new Error("there is no mail server without a mail channel");
    return found;
  }
}

async function readIncoming(c: Context, limit: number): Promise<Incoming | undefined> {
  const body = await readBody(c.req.raw.body, limit);
  return body === undefined ? undefined : { body, contentType: c.req.header("content-type") ?? "" };
}

function notFound(c: Context): Reading {
  const reason = `404 nothing receives alerts at ${c.req.method} ${c.req.path.slice(0, 200)}`;
  return refusal(jsonReply(404, { error: reason }), reason);
}

function methodNotAllowed(c: Context): Reading {
  const { reply, message } = refusal(
    plainReply(405, "method_not_allowed"),
    `405 ${c.req.method} on ${c.req.path.slice(0, 200)}: alerts are sent with POST`,
  );
  return { reply: { ...reply, headers: { allow: "POST" } }, message };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const problem = {
        file: "neverfails.yaml",
        path: "ports.alerts",
        message: `the alert inbox cannot listen on port ${port} (${cause.code ?? cause.message})`,
        hint: "stop what uses the port, or choose another one",
      };
      reject(
        cause.code === "EADDRINUSE" || cause.code === "EACCES" ? new UserError([problem], { cause }) : cause,
      );
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
