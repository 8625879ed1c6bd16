// A small Acme Clearinghouse for the tests of the examples: honest unless its script says otherwise.
import { createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { sleep } from "../../src/lib/wait.ts";
import { close, listen, readBody } from "./loopback.ts";

/** `lose-reply`: accepted, then the connection is reset. */
export type SubmitScript = "accept" | "unavailable" | "refuse" | "hang" | "reset" | "lose-reply";

export interface Script {
  submit: (attempt: number, reference: string) => SubmitScript;
  /** Seconds in the Retry-After of `unavailable`; absent: no such header. */
  retryAfter?: number;
  /** What it decides; null: never. */
  outcome: "approved" | "denied" | "rejected" | null;
  calls: boolean;
  status: "honest" | "unavailable" | "unknown" | "rejected";
}

export interface Submission {
  reference: string;
  key: string;
  at: number;
  body: string;
}

export interface Report {
  id?: string;
  secret?: string;
  /** Milliseconds since 1970. */
  signedAt?: number;
  body?: string | Buffer;
  outcome?: string;
  headers?: Record<string, string>;
}

interface Accepted {
  id: string;
  reference: string;
  callbackUrl: string;
  outcome: string | null;
}

export const SECRET = `whsec_${Buffer.from("a secret for the tests only").toString("base64")}`;

export async function startScriptedPartner(changes: Partial<Script> = {}) {
  const script: Script = {
    submit: () => "accept",
    outcome: "approved",
    calls: true,
    status: "honest",
    ...changes,
  };
  const submissions: Submission[] = [];
  const polls: string[] = [];
  const accepted = new Map<string, Accepted>();
  const answers: number[] = [];
  const stop = new AbortController();

  const server = createServer(async (request, response) => {
    if (request.method === "GET") answerStatus(request, response);
    else await takeSubmission(request, response);
  });
  const url = await listen(server);

  async function takeSubmission(request: IncomingMessage, response: ServerResponse) {
    const body = (await readBody(request)).toString();
    const { reference, callbackUrl } = JSON.parse(body);
    const key = String(request.headers["idempotency-key"]);
    submissions.push({ reference, key, at: performance.now(), body });
    const attempt = submissions.filter((submission) => submission.reference === reference).length;
    const behaviour = script.submit(attempt, reference);
    if (behaviour === "hang") return;
    if (behaviour === "reset") return void request.socket.resetAndDestroy();
    if (behaviour === "refuse") return reply(response, 422, { title: "refused" });
    if (behaviour === "unavailable") {
      const headers = script.retryAfter === undefined ? {} : { "retry-after": String(script.retryAfter) };
      return reply(response, 503, { title: "unavailable" }, headers);
    }
    const known = accepted.get(key);
    const submission = known ?? { id: `acme-${randomUUID()}`, reference, callbackUrl, outcome: null };
    accepted.set(key, submission);
    if (known === undefined) void decide(submission);
    if (behaviour === "lose-reply") return void request.socket.resetAndDestroy();
    reply(response, 202, { id: submission.id, status: "accepted" });
  }

  async function decide(submission: Accepted) {
    if (!(await sleep(100, stop.signal)) || script.outcome === null) return;
    submission.outcome = script.outcome;
    if (script.calls) answers.push(await report(submission.reference, { outcome: script.outcome }));
  }

  function answerStatus(request: IncomingMessage, response: ServerResponse) {
    const id = decodeURIComponent(request.url?.split("/").at(-1) ?? "");
    polls.push(id);
    const submission = [...accepted.values()].find((candidate) => candidate.id === id);
    if (script.status === "unavailable") return reply(response, 503, { title: "unavailable" });
    if (submission === undefined || script.status === "unknown")
      return reply(response, 404, { title: "unknown" });
    if (script.status === "rejected") return reply(response, 200, { id, status: "rejected", outcome: null });
    const status = submission.outcome === null ? "processing" : "settled";
    reply(response, 200, { id, status, outcome: submission.outcome });
  }

  /** Reports a result for a reference; resolves with the status that the service answers, 0 when it gives none. */
  async function report(reference: string, details: Report = {}): Promise<number> {
    const submission = [...accepted.values()].find((candidate) => candidate.reference === reference);
    const callbackUrl = submission?.callbackUrl;
    if (callbackUrl === undefined) throw new Error(`${reference} was never submitted`);
    return send(callbackUrl, { reference, claim: submission?.id ?? "" }, details).catch(() => 0);
  }

  return {
    url,
    script,
    submissions,
    polls,
    /** What the service answered to the partner's own callbacks. */
    answers,
    report,
    submissionsOf: (reference: string) =>
      submissions.filter((submission) => submission.reference === reference),
    acceptedCount: () => accepted.size,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await close(server);
    },
  };
}

/** `{claim}` in a body stands for the id of the submission. */
async function send(
  url: string,
  { reference, claim }: { reference: string; claim: string },
  details: Report,
): Promise<number> {
  const id = details.id ?? `evt-${randomUUID()}`;
  const settledAt = new Date().toISOString();
  const outcome = details.outcome ?? "approved";
  const genuine = { id, type: "claim.settled", claim, reference, outcome, settledAt };
  const given = typeof details.body === "string" ? details.body.replace("{claim}", claim) : details.body;
  const body = Buffer.from(given ?? JSON.stringify(genuine));
  const timestamp = String(Math.floor((details.signedAt ?? Date.now()) / 1_000));
  const key = Buffer.from((details.secret ?? SECRET).slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
    ...details.headers,
  };
  const response = await fetch(url, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.status;
}

function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
