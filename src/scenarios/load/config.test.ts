import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatProblem } from "../../lib/problem.ts";
import { loadConfig } from "./config.ts";

const GOOD = `name: claims-service
system:
  command: node "my server.js"
  url: http://127.0.0.1:{{ system.port }}
  env:
    PORT: "{{ system.port }}"
    WORKERS: 4
    PARTNER_URL: "{{ partner.url }}"
    OPS_SLACK_URL: "{{ alerts.claimsOps.url }}"
  ready: { get: /healthz }
partner: partner.yaml
workflow:
  noun: claim
  start:
    post: /claims
    json: { claimNumber: "{{ transaction.key }}", amount: 50 }
    id: response.body.id
  inspect:
    get: /claims/{{ transaction.id }}
    state: body.status
    effects: $count(body.payments)
    means:
      received: pending
      needs_review: attention
      paid: approved
      denied: denied
    expectedEffects: { approved: 1, denied: 0 }
  replay: { post: "/claims/{{ transaction.id }}/replay" }
  tolerates: 30s
  value: start.amount
alerts:
  claimsOps: { kind: slack, owner: Claims operations, for: [business] }
  canary: { post: /test-alert }
signals:
  healthy: { get: /healthz, value: status = 200 }
  stuck: { get: /metrics, metric: 'claims_stuck{queue="a"}' }
logs: { from: stdout }
claims:
  - never loses a claim
  - { claim: it is safe, checks: [rejects-forgery, isolation] }
`;

const PARTNER = `name: Acme
auth: { bearer: acme-test-token }
submit:
  post: /v1/claims
  schema: claim.schema.json
  key: body.reference
process:
  takes: 100ms..400ms
  outcomes: { approved: 90%, denied: 10% }
  promises: 2s
status:
  get: /v1/claims/:id
  reply: { json: { id: "{{ submission.id }}", state: "{{ submission.state }}" } }
callback:
  to: body.callbackUrl
  json: { id: "{{ delivery.id }}", outcome: "{{ submission.outcome }}" }
`;

const SCHEMA = `{ "type": "object", "required": ["reference"], "properties": { "reference": { "type": "string" } } }`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "neverfails-config-"));
  await write("neverfails.yaml", GOOD);
  await write("partner.yaml", PARTNER);
  await write("claim.schema.json", SCHEMA);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const load = () => loadConfig(join(folder, "neverfails.yaml"));

/** Replaces one text of a good file and returns the mistakes as lines without the folder. */
async function mistakes(file: string, from: string, to: string): Promise<string[]> {
  const text = file === "neverfails.yaml" ? GOOD : file === "partner.yaml" ? PARTNER : SCHEMA;
  expect(text).toContain(from);
  await write(file, text.replace(from, to));
  const result = await load();
  return result.ok
    ? []
    : result.problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, ""));
}

describe("a good configuration", () => {
  it("is loaded with its contract, durations in milliseconds, defaults filled in", async () => {
    await mkdir(join(folder, "scenarios"));
    const result = await load();
    if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
    const { value } = result;
    expect(value).toMatchObject({
      dir: folder,
      name: "claims-service",
      partnerFile: join(folder, "partner.yaml"),
      system: {
        kind: "process",
        command: ["node", "my server.js"],
        cwd: folder,
        env: { PORT: "{{ system.port }}", WORKERS: "4" },
        ready: { get: "/healthz", withinMs: 10_000 },
        stop: { signal: "SIGTERM", withinMs: 5_000 },
        isolation: "scenario",
      },
      workflow: {
        start: { method: "POST", path: "/claims", id: "response.body.id", headers: {} },
        inspect: {
          call: { method: "GET", path: "/claims/{{ transaction.id }}" },
          means: { needs_review: { kind: "attention" }, paid: { kind: "settled", outcome: "approved" } },
        },
        replay: { method: "POST" },
        toleratesMs: 30_000,
      },
      channels: [{ name: "claimsOps", kind: "slack", owner: "Claims operations", for: ["business"] }],
      canary: { method: "POST", path: "/test-alert" },
      logs: { from: ["stdout"] },
      scenarioSources: ["shipped", join(folder, "scenarios")],
    });
    expect(value.signals.map(({ name }) => name)).toEqual(["healthy", "stuck"]);
    expect(value.claims[0]?.checks).toContain("no-lost-transaction");
    expect(value.partner.process.promises).toBe(2_000);
    expect(value.partner.submit.schema).toEqual(JSON.parse(SCHEMA));
  });

  it("may attach to a running system, hold the contract inline, and say little", async () => {
    const inline = PARTNER.replace("  schema: claim.schema.json\n", "").replaceAll(/^/gm, "  ");
    await write(
      "neverfails.yaml",
      `system: { url: "http://localhost:3000" }\npartner:\n${inline}\nworkflow: { start: { post: /orders } }\n`,
    );
    const result = await load();
    expect(result.ok && result.value).toMatchObject({
      system: { kind: "attached", isolation: "suite", url: "http://localhost:3000", ready: { get: "/" } },
      partner: { name: "Acme" },
      channels: [],
      signals: [],
      logs: { from: [] },
      scenarioSources: ["shipped"],
    });
  });
});

describe("a mistake", () => {
  it.each([
    [
      "an unknown key",
      "  tolerates: 30s",
      "  tolerate: 30s",
      "neverfails.yaml:29:3  workflow.tolerate: unknown key",
      'did you mean "tolerates"?',
    ],
    [
      "an unknown key at the top",
      "logs: {",
      "log: {",
      "neverfails.yaml:37:1  log: unknown key",
      'did you mean "logs"?',
    ],
    [
      "a bad duration",
      "tolerates: 30s",
      "tolerates: 30 sec",
      "neverfails.yaml:29:14  workflow.tolerates: expected a duration",
      'got "30 sec"',
    ],
    [
      "a time without a unit",
      "tolerates: 30s",
      "tolerates: 30",
      "neverfails.yaml:29:14  workflow.tolerates: expected a text, got 30",
      "30s or 30ms",
    ],
    [
      "an unknown kind",
      "kind: slack",
      "kind: slak",
      "neverfails.yaml:32:22  alerts.claimsOps.kind: expected one of slack, pagerduty, webhook, email",
      'did you mean "slack"?',
    ],
    [
      "a word that means nothing",
      "paid: approved",
      "paid: aproved",
      "neverfails.yaml:25:13  workflow.inspect.means.paid: expected one of pending, attention, approved, denied, rejected",
      'did you mean "approved"?',
    ],
    [
      "an outcome that no state means",
      "      denied: denied\n",
      "",
      'neverfails.yaml:22:5  workflow.inspect.means: no state means "denied"',
      "",
    ],
    [
      "an effect of no outcome",
      "expectedEffects: { approved: 1",
      "expectedEffects: { approvd: 1",
      "neverfails.yaml:27:24  workflow.inspect.expectedEffects.approvd: the partner has no outcome",
      'did you mean "approved"?',
    ],
    [
      "an unknown name",
      "{{ system.port }}\n  env",
      "{{ system.prot }}\n  env",
      'neverfails.yaml:4:8  system.url: unknown name "system.prot"',
      'did you mean "port"?',
    ],
    [
      "an unknown channel in a name",
      "alerts.claimsOps.url",
      "alerts.claimOps.url",
      'neverfails.yaml:9:20  system.env.OPS_SLACK_URL: unknown name "alerts.claimOps"',
      'did you mean "claimsOps"?',
    ],
    [
      "a field that is not sent",
      "value: start.amount",
      "value: start.amont",
      'neverfails.yaml:30:10  workflow.value: unknown name "start.amont"',
      'did you mean "amount"?',
    ],
    [
      "braces around an expression",
      "state: body.status",
      'state: "{{ body.status }}"',
      "neverfails.yaml:20:12  workflow.inspect.state: an expression stands here without {{ }}",
      "write body.status",
    ],
    [
      "two verbs",
      "    post: /claims\n",
      "    post: /claims\n    put: /claims\n",
      "neverfails.yaml:15:5  workflow.start: says several requests (post, put)",
      "",
    ],
    [
      "no verb",
      "    post: /claims\n",
      "",
      "neverfails.yaml:15:5  workflow.start: says no request",
      "get, post, put",
    ],
    [
      "two contents",
      "    id: response.body.id\n",
      "    body: text\n    id: response.body.id\n",
      "neverfails.yaml:15:5  workflow.start: has several contents (json, body)",
      "",
    ],
    [
      "a path without a slash",
      "get: /healthz, value",
      "get: healthz, value",
      "neverfails.yaml:35:19  signals.healthy.get: expected a path that begins with /",
      "",
    ],
    [
      "a signal of two kinds",
      "value: status = 200",
      "value: status, metric: x",
      "neverfails.yaml:35:12  signals.healthy: needs exactly one of `value`",
      "",
    ],
    [
      "a selector that is none",
      'claims_stuck{queue="a"}',
      "claims_stuck{queue=a}",
      "neverfails.yaml:36:35  signals.stuck.metric: expected a metric",
      "",
    ],
    [
      "a channel name with a dash",
      "  claimsOps: {",
      "  claims-ops: {",
      'neverfails.yaml:32:3  alerts.claims-ops: "claims-ops" cannot stand in an expression',
      "write it as claimsOps",
    ],
    [
      "a shell in the command",
      'command: node "my server.js"',
      "command: npm run build && npm start",
      'neverfails.yaml:3:12  system.command: "&&" needs a shell',
      "sh, -c",
    ],
    [
      "an open quote",
      'command: node "my server.js"',
      'command: node "my server.js',
      "neverfails.yaml:3:12  system.command: a quote is never closed",
      "",
    ],
    [
      "a folder that is not there",
      "  url: http",
      "  cwd: nowhere\n  url: http",
      'neverfails.yaml:4:8  system.cwd: there is no folder "nowhere"',
      "",
    ],
    [
      "an address of another kind",
      "url: http://127.0.0.1:{{",
      "url: ftp://127.0.0.1:{{",
      "neverfails.yaml:4:8  system.url: expected an http:// or https:// address",
      "",
    ],
    [
      "a claim that means nothing",
      "never loses a claim",
      "is made with love",
      'neverfails.yaml:39:5  claims[0]: nothing in "is made with love" can be mapped',
      "checks: [",
    ],
    [
      "an unknown check",
      "rejects-forgery, iso",
      "reject-forgery, iso",
      'neverfails.yaml:40:35  claims[1].checks[0]: there is no check "reject-forgery"',
      'did you mean "rejects-forgery"?',
    ],
    [
      "a runbook that is not there",
      "  value: start.amount",
      "  value: start.amount\n  fallback: docs/runbook.md",
      'neverfails.yaml:31:13  workflow.fallback: there is no file "docs/runbook.md"',
      "",
    ],
    [
      "scenarios that are not there",
      "logs: {",
      "scenarios: [shiped, ./mine]\nlogs: {",
      'neverfails.yaml:37:13  scenarios[0]: there is no file or folder "shiped"',
      'did you mean "shipped"?',
    ],
    [
      "a contract that is not there",
      "partner: partner.yaml",
      "partner: partners.yaml",
      "neverfails.yaml:11:10  partner: partners.yaml: there is no such file",
      "",
    ],
    [
      "a missing OpenAPI document",
      "partner: partner.yaml",
      "partner: { openapi: acme.yaml }",
      "neverfails.yaml:11:21  partner.openapi: acme.yaml: there is no such file",
      "",
    ],
    [
      "a missing part",
      "    state: body.status\n",
      "",
      "neverfails.yaml:18:3  workflow.inspect.state: is missing; expected a text",
      "",
    ],
    [
      "a wrong type",
      "claims:\n",
      "ports: { partner: eighty }\nclaims:\n",
      'neverfails.yaml:38:19  ports.partner: expected a number, got "eighty"',
      "",
    ],
  ])("of neverfails.yaml is found with its place: %s", async (_, from, to, start, hint) => {
    const found = await mistakes("neverfails.yaml", from, to);
    expect(found).toContainEqual(expect.stringContaining(start));
    expect(found).toContainEqual(expect.stringContaining(hint));
    expect(found.length).toBeLessThanOrEqual(2);
  });

  it.each([
    [
      "an unknown key",
      "  promises: 2s",
      "  promise: 2s",
      "partner.yaml:10:3  process.promise: unknown key",
      'did you mean "promises"?',
    ],
    [
      "an unknown name",
      "{{ submission.state }}",
      "{{ submission.stat }}",
      'partner.yaml:13:54  status.reply.json.state: unknown name "submission.stat"',
      'did you mean "state"?',
    ],
    [
      "a delivery's name in a reply",
      "{{ submission.state }}",
      "{{ delivery.id }}",
      'partner.yaml:13:54  status.reply.json.state: unknown name "delivery"',
      "",
    ],
    [
      "an unknown scheme",
      "  to: body.callbackUrl",
      "  sign: { scheme: strip }\n  to: body.callbackUrl",
      "partner.yaml:15:19  callback.sign.scheme: expected one of standard-webhooks",
      'did you mean "stripe"?',
    ],
    [
      "a delay that is none",
      "takes: 100ms..400ms",
      "takes: 400ms..100ms",
      "partner.yaml:8:10  process.takes: expected a duration such as 250ms or a range",
      '"400ms..100ms"',
    ],
    [
      "a delay without a unit",
      "takes: 100ms..400ms",
      "takes: 100",
      "partner.yaml:8:10  process.takes: expected a text or a mapping, got 100",
      "100s or 100ms",
    ],
    [
      "a schema that is not there",
      "schema: claim.schema.json",
      "schema: claims.schema.json",
      "partner.yaml:5:11  submit.schema: claims.schema.json: there is no such file",
      "",
    ],
    [
      "stages beside one time for everything",
      "callback:\n",
      "stages: [{ name: settled, takes: 50ms }]\ncallback:\n",
      "partner.yaml:8:3  process.takes: the stages say how long each of them takes",
      "leave it out",
    ],
    [
      "two stages of one name",
      "callback:\n",
      "stages: [{ name: a, takes: 50ms }, { name: a, takes: 50ms }]\ncallback:\n",
      "partner.yaml:14:44  stages[1].name: stands twice",
      "",
    ],
    [
      "a stage that reports an unknown name",
      "callback:\n",
      'stages: [{ name: a, takes: 50ms, callback: { json: { at: "{{ delivery.stag }}" } } }]\ncallback:\n',
      'unknown name "delivery.stag"',
      'did you mean "stage"?',
    ],
    [
      "a schema of a stage that is not there",
      "callback:\n",
      "stages: [{ name: a, takes: 50ms, callback: { schema: nowhere.json } }]\ncallback:\n",
      "stages[0].callback.schema: nowhere.json: there is no such file",
      "",
    ],
  ])("of partner.yaml is found with its place: %s", async (_, from, to, start, hint) => {
    const found = await mistakes("partner.yaml", from, to);
    expect(found).toContainEqual(expect.stringContaining(start));
    expect(found).toContainEqual(expect.stringContaining(hint));
  });

  it.each([
    [
      "a wrong type word",
      '"type": "string"',
      '"type": "strin"',
      "claim.schema.json:1:87  properties.reference.type: is not a JSON Schema",
    ],
    [
      "a reference to nothing",
      '"type": "string"',
      '"$ref": "#/nowhere"',
      "claim.schema.json:1:1  is not a usable JSON Schema: can't resolve reference",
    ],
    ["broken JSON", '"required":', '"required"', "claim.schema.json:1:32  is not valid JSON"],
  ])("of a JSON Schema is found with its place: %s", async (_, from, to, start) => {
    const found = await mistakes("claim.schema.json", from, to);
    expect(found).toContainEqual(expect.stringContaining(start));
  });

  it("is found in an inline contract at its place in the one file", async () => {
    const inline = PARTNER.replace("  schema: claim.schema.json\n", "")
      .replace("key: body", "key: bdy")
      .replaceAll(/^/gm, "  ");
    const found = await mistakes("neverfails.yaml", "partner: partner.yaml\n", `partner:\n${inline}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^neverfails.yaml:16:10 {2}partner.submit.key: unknown name "bdy"/);
  });

  it("in the names of the system that goes round in a circle is spelled out", async () => {
    const found = await mistakes(
      "neverfails.yaml",
      "    WORKERS: 4\n",
      '    A: "{{ system.env.B }}"\n    B: "{{ system.env.A }}"\n',
    );
    expect(found).toEqual([
      "neverfails.yaml:7:8  system.env.A: refers to itself in a circle: system.env.A → system.env.B → system.env.A",
    ]);
  });

  it("without command is named for everything that only a started system can have", async () => {
    const found = await mistakes("neverfails.yaml", '  command: node "my server.js"\n', "");
    expect(found.join("\n")).toMatch(/system\.env: is only possible together with `command`/);
    expect(found.join("\n")).toMatch(/logs: the output of a system that runs already cannot be read/);
    expect(found.join("\n")).toMatch(/unknown name "system\.port"/);
  });

  it("never comes alone: all mistakes of all files are told at once", async () => {
    await write(
      "partner.yaml",
      PARTNER.replace("promises: 2s", "promises: soon").replace("submission.state", "submission.x"),
    );
    await write("claim.schema.json", SCHEMA.replace('"string"', '"strin"'));
    const found = await mistakes(
      "neverfails.yaml",
      "  tolerates: 30s\n  value: start.amount",
      "  tolerate: 30s\n  value: start.x",
    );
    const files = found.map((line) => line.split(":")[0]);
    expect(new Set(files)).toEqual(new Set(["neverfails.yaml", "partner.yaml", "claim.schema.json"]));
    expect(found).toHaveLength(5);
  });

  it("is told when the file is empty, a list or a text", async () => {
    for (const text of ["", "- a\n", "just text\n", "42\n", "null\n"]) {
      await write("neverfails.yaml", text);
      const result = await load();
      expect(result.ok).toBe(false);
      expect(!result.ok && result.problems[0]?.message).toMatch(/expected a mapping/);
    }
  });

  it("is told when the file does not exist, with what to do", async () => {
    const result = await loadConfig(join(folder, "nothing.yaml"));
    expect(!result.ok && result.problems).toMatchObject([
      { message: "there is no such file", hint: expect.stringContaining("--config") },
    ]);
  });
});
