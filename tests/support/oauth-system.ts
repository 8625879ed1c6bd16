// A small system under test whose partner hands out access tokens: it fetches a new one when the old one is refused, or never does.
import { folderWith } from "./files.ts";

const SERVER = `
import { createServer } from "node:http";
const { PORT, PARTNER_URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET, FETCHES } = process.env;
const orders = new Map();
let token;
async function fetchToken() {
  const authorization = "Basic " + Buffer.from(CLIENT_ID + ":" + CLIENT_SECRET).toString("base64");
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  const answer = await fetch(TOKEN_URL, { method: "POST", headers: { authorization }, body });
  token = (await answer.json()).access_token;
  console.log("a token for " + CLIENT_ID + ": " + token + ", by " + authorization);
}
async function call(path, options = {}) {
  if (token === undefined) await fetchToken();
  const ask = () => fetch(PARTNER_URL + path, { ...options, headers: { authorization: "Bearer " + token, "content-type": "application/json" } });
  const answer = await ask();
  if (answer.status !== 401 || FETCHES !== "anew") return answer;
  await fetchToken();
  return ask();
}
async function bring(reference) {
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 800)) {
    const answer = await call("/submissions", { method: "POST", body: JSON.stringify({ reference }) });
    if (answer.ok) return (await answer.json()).id;
    console.log(reference + ": " + answer.status);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
const server = createServer(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  const reply = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.url === "/healthz") return reply(200, {});
  if (request.method === "POST" && request.url === "/orders") {
    const { reference } = JSON.parse(text);
    orders.set(reference, { state: "open" });
    reply(202, { id: reference });
    const id = await bring(reference);
    const poll = setInterval(async () => {
      const answer = await call("/submissions/" + id);
      const { outcome } = answer.ok ? await answer.json() : {};
      if (!outcome) return;
      clearInterval(poll);
      orders.set(reference, { state: outcome });
    }, 100);
    return;
  }
  const order = orders.get(request.url.split("/").at(-1));
  return order ? reply(200, order) : reply(404, {});
});
server.listen(Number(PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
`;

const CONFIG = `
name: token-fetcher
system:
  command: node server.mjs
  env:
    PORT: "{{ system.port }}"
    PARTNER_URL: "{{ partner.url }}"
    TOKEN_URL: "{{ partner.tokenUrl }}"
    CLIENT_ID: "{{ partner.clientId }}"
    CLIENT_SECRET: "{{ partner.clientSecret }}"
    FETCHES: "{{ $env('FETCHES') }}"
  ready: { get: /healthz, within: 10s }
partner: partner.yaml
workflow:
  noun: order
  start:
    post: /orders
    json: { reference: "{{ transaction.key }}" }
    id: response.body.id
  inspect:
    get: /orders/{{ transaction.id }}
    state: body.state
    means: { open: pending, approved: approved }
logs: { from: [stdout, stderr] }
scenarios: [./scenarios]
`;

export const CLIENT_SECRET = "a secret & more";

const PARTNER = `
name: Token partner
auth: { oauth2: { tokenPath: /token, clientId: token-fetcher, clientSecret: "${CLIENT_SECRET}", expiresIn: 1h } }
submit: { post: /submissions, key: body.reference, reply: { status: 202, json: { id: "{{ submission.id }}" } } }
process: { takes: 20ms..60ms, outcomes: { approved: 100% }, promises: 1s }
status: { get: /submissions/:id, reply: { json: { outcome: "{{ submission.outcome }}" } } }
`;

const EXPIRED = `
title: Every token that was handed out has expired
workload: { transactions: 6, rate: 12/s }
faults: [{ fault: credentials.expired }]
expect: { detects: { within: 3s }, recovers: { within: 4s } }
`;

/** A folder with a complete project; the environment variable FETCHES is `anew` or `once`. */
export function oauthSystem(): string {
  return folderWith({
    "server.mjs": SERVER,
    "neverfails.yaml": CONFIG,
    "partner.yaml": PARTNER,
    "scenarios/expired.yaml": EXPIRED,
  });
}
