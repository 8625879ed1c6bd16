// The mail server of the alert inbox: takes every message on the loopback interface, with or without a login.
import type { Readable } from "node:stream";
import type { SMTPServer } from "smtp-server";
import { UserError } from "../../lib/problem.ts";
import { MAIL_LIMIT, type Mail, parseMail } from "./mail.ts";

export interface MailServerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  /** What is answered to a message; a code below 400 accepts it. Messages are handed in one after another. */
  onMail(mail: Envelope): Promise<MailReply>;
  /** A message that was refused before anybody read it. */
  onRefused(envelope: Omit<Envelope, "mail">, reply: MailReply): void;
}

export interface Envelope {
  mail: Mail;
  /** Name of the login; absent without one. */
  user?: string;
  /** Addresses of the envelope. */
  recipients: string[];
}

export interface MailReply {
  code: number;
  text: string;
}

export interface MailServer {
  readonly port: number;
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 50;
const SILENCE_MS = 10_000;

/** Throws UserError when the port is taken. */
export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  // Loaded only when a channel needs it: it costs a fifth of a start.
  const { SMTPServer: Server } = await import("smtp-server");
  const server: SMTPServer = new Server({
    // A system may log in or not, over a connection that never leaves this machine.
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    size: MAIL_LIMIT,
    maxClients: MOST_CONNECTIONS,
    socketTimeout: SILENCE_MS,
    closeTimeout: 100,
    onAuth: ({ username }, _session, callback) => callback(null, { user: username ?? "" }),
    onData(stream, session, callback) {
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      const user = typeof session.user === "string" ? { user: session.user } : {};
      receive(stream, { recipients, ...user }, options).then(
        ({ code, text }) => {
          if (code < 400) callback(null, text);
          else callback(Object.assign(new Error(text), { responseCode: code }));
        },
        (cause: unknown) => callback(cause instanceof Error ? cause : new Error(String(cause))),
      );
    },
  });
  const port = await listen(server, options);
  // What goes wrong on one connection, such as a client that hangs up, is no business of the others.
  server.on("error", () => {});
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function receive(
  stream: Readable,
  envelope: Omit<Envelope, "mail">,
  { onMail, onRefused }: MailServerOptions,
): Promise<MailReply> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Read to its end in any case: the answer comes after the last byte.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAIL_LIMIT) chunks.push(chunk);
  }
  if (size > MAIL_LIMIT) {
    const reply = { code: 552, text: "5.3.4 The message is larger than 1 MB" };
    onRefused(envelope, reply);
    return reply;
  }
  return onMail({ ...envelope, mail: await parseMail(Buffer.concat(chunks)) });
}

function listen(server: SMTPServer, { host, port }: MailServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const problem = {
        file: "neverfails.yaml",
        path: "ports.mail",
        message: `the mail server of the alert inbox cannot listen on port ${port} (${cause.code ?? cause.message})`,
        hint: "stop what uses the port, or choose another one",
      };
      const isTaken = cause.code === "EADDRINUSE" || cause.code === "EACCES";
      reject(isTaken ? new UserError([problem], { cause }) : cause);
    });
    server.listen(port, host, () => {
      const address = server.server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
