// A small system under test for the command's own tests: a queue in memory that polls the partner. Behaviour by environment.
import { folderWith } from "./files.ts";

const SERVER = `
import { createServer } from "node:http";
const { PORT, PARTNER_URL, MODE = "" } = process.env;
const orders = new Map();
if (MODE === "exit-early") { console.error("cannot open database"); process.exit(7); }
const server = createServer(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  const reply = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.url === "/healthz") return reply(MODE === "never-ready" ? 503 : 200, {});
  if (request.method === "POST" && request.url === "/orders") {
    const { reference } = JSON.parse(text);
    orders.set(reference, { state: "open" });
    reply(202, { id: reference });
    if (MODE === "dies" && orders.size > 5) { console.error("out of luck with " + reference); setTimeout(() => process.exit(3), 100); }
    if (MODE === "floods") { for (let i = 0; i < 20000; i++) console.log("x".repeat(200) + " noise " + i); }
    const submitted = await fetch(PARTNER_URL + "/submissions", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ reference }) });
    const { id } = await submitted.json();
    const poll = setInterval(async () => {
      const { outcome } = await (await fetch(PARTNER_URL + "/submissions/" + id)).json();
      if (!outcome) return;
      clearInterval(poll);
      orders.set(reference, { state: MODE === "unknown-state" ? "frobnicated" : outcome });
    }, 50);
    return;
  }
  const order = orders.get(request.url.split("/").at(-1));
  return order ? reply(200, order) : reply(404, {});
});
server.listen(Number(PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
`;

const CONFIG = `
name: tiny
system:
  command: node server.mjs
  env: { PORT: "{{ system.port }}", PARTNER_URL: "{{ partner.url }}", MODE: "{{ $env('MODE', '') }}", TINY_MARK: "{{ $env('TINY_MARK', '') }}" }
  ready: { get: /healthz, within: 3s }
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
scenarios: [./scenarios]
`;

const PARTNER = `
name: Tiny partner
submit: { post: /submissions, key: body.reference, reply: { status: 202, json: { id: "{{ submission.id }}" } } }
process: { takes: 20ms..60ms, outcomes: { approved: 100% }, promises: 1s }
status: { get: /submissions/:id, reply: { json: { outcome: "{{ submission.outcome }}" } } }
`;

const STEADY = `
title: Nothing breaks
workload: { transactions: 5, rate: 20/s }
`;

const SLOW = `
title: The partner takes longer than promised
workload: { transactions: 5, rate: 20/s }
faults: [{ fault: processing.slow, takes: 2s }]
expect: { recovers: { within: 5s } }
`;

/** A folder with a complete project; files given here replace or join the usual ones. */
export function tinySystem(files: Record<string, string> = {}): string {
  return folderWith({
    "server.mjs": SERVER,
    "neverfails.yaml": CONFIG,
    "partner.yaml": PARTNER,
    "scenarios/steady.yaml": STEADY,
    "scenarios/slow.yaml": SLOW,
    ...files,
  });
}
