// The starter for documents whose words are awkward: what it writes is valid, and says what the documents say.
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { folderWith } from "../../../tests/support/files.ts";
import { formatProblem } from "../../lib/problem.ts";
import { parseForm } from "../../simulator/pipeline/form.ts";
import type { Json } from "../openapi/json.ts";
import { renderTrial } from "../openapi/trial.ts";
import { makeStarter } from "./starter.ts";

const json = (schema: unknown) => ({ content: { "application/json": { schema } } });
const TEXT = { type: "string" };

interface Parts {
  path?: string;
  address?: string;
  request?: Json;
  result?: unknown;
  status?: Json;
  title?: string;
  isForm?: boolean;
}

/** The files for a small document: one POST with one callback, and perhaps a status route. */
async function starterFor({
  path = "/orders",
  address = "{$request.body#/callbackUrl}",
  request = { reference: TEXT, callbackUrl: TEXT },
  result = { type: "object", properties: { reference: TEXT, result: { enum: ["approved", "denied"] } } },
  status,
  title = "Acme",
  isForm = false,
}: Parts) {
  const taken = { 200: { description: "Taken" } };
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    return { name, in: "path", required: true, schema: TEXT };
  });
  const post = {
    parameters,
    requestBody: {
      content: {
        [isForm ? "application/x-www-form-urlencoded" : "application/json"]: {
          schema: { type: "object", required: Object.keys(request), properties: request },
        },
      },
    },
    responses: { 202: { description: "Taken", ...json({ type: "object", properties: { id: TEXT } }) } },
    callbacks: { done: { [address]: { post: { requestBody: json(result), responses: taken } } } },
  };
  const document = {
    openapi: "3.1.0",
    info: { title, version: "1" },
    paths: { [path]: { post }, ...status },
  };
  const dir = folderWith({ "acme.json": JSON.stringify(document) });
  const openapi = join(dir, "acme.json");
  const made = await makeStarter({ dir, openapi, submit: undefined, key: undefined });
  if (!made.ok) throw new Error(made.problems.map(formatProblem).join("\n"));
  const { files, assumptions } = made.value;
  return {
    partner: parse(files["partner.yaml"] ?? "") as Json,
    config: parse(files["neverfails.yaml"] ?? "") as Json,
    server: files["server.mjs"] ?? "",
    assumptions,
  };
}

it("gives its own states other names where a result has theirs", async () => {
  const result = { type: "object", properties: { reference: TEXT, decision: { enum: ["paid", "refused"] } } };
  const { config, server } = await starterFor({ result });
  const means = {
    received: "pending",
    submitted: "pending",
    overdue: "attention",
    "own-refused": "attention",
    paid: "paid",
    refused: "refused",
  };
  expect(config).toMatchObject({ workflow: { inspect: { means } } });
  expect(server).toContain('raise(order, "own-refused", "was refused by the partner")');
});

it("takes no text of the document for an expression, and a blank title for none", async () => {
  const request = { reference: TEXT, callbackUrl: TEXT, note: { type: "string", default: "Hi {{ name }}" } };
  const properties = { reference: TEXT, result: { enum: ["approved", "denied"] }, note: { const: "{{ x" } };
  const result = { type: "object", required: ["note"], properties };
  const { partner, server } = await starterFor({ title: " ", request, result });
  expect(partner).toMatchObject({ name: "Partner" });
  expect(server).toContain('"note": "Hi {{ name }}"');
  const trial = await renderTrial((partner.callback as Json).json, { id: "1", outcome: "denied", body: {} });
  expect(trial).toMatchObject({ value: { result: "denied", note: "{{ x" } });
});

it.each([
  [
    "{$request.body#/callbackUrl}",
    "/webhooks/partner",
    "path === WEBHOOK_PATH",
    '["callbackUrl"], WEBHOOK_URL',
  ],
  [
    "{$request.body#/callbackUrl}/done",
    "/webhooks/partner",
    "path.startsWith(WEBHOOK_PATH)",
    '["callbackUrl"], WEBHOOK_URL',
  ],
  [
    "{$request.body#/links/0/href}",
    "/webhooks/partner",
    "path === WEBHOOK_PATH",
    '["links","0","href"], WEBHOOK_URL',
  ],
  ["http://you.example?id={$request.body#/reference}", "/", "path === WEBHOOK_PATH", undefined],
  ["/hooks/{$request.body#/reference}", "/hooks/", "path.startsWith(WEBHOOK_PATH)", undefined],
])("listens where the address %s leads", async (address, path, test, put) => {
  const { server } = await starterFor({ address });
  expect(server).toContain(`const WEBHOOK_PATH = ${JSON.stringify(path)};`);
  expect(server).toContain(test);
  if (put === undefined) expect(server).not.toContain("WEBHOOK_URL");
  else expect(server).toContain(`put(body, ${put});`);
});

it.each([
  ["/v1/orders:submit", "/v1/orders/{id}", "/v1/orders:submit", "/v1/orders/:id"],
  [
    "/tenants/{id}/orders",
    "/tenants/{id}/orders/{orderId}",
    "/tenants/other_id-1/orders",
    "/tenants/other_id-1/orders/:id",
  ],
])("speaks the routes %s and %s", async (path, statusPath, posted, asked) => {
  const reply = { type: "object", properties: { status: { enum: ["open", "approved", "denied"] } } };
  const parameters = [...statusPath.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    return { name, in: "path", required: true, schema: TEXT };
  });
  const get = { parameters, responses: { 200: { description: "Here", ...json(reply) } } };
  const { server } = await starterFor({ path, status: { [statusPath]: { get } } });
  expect(server).toContain(`fetch(\`\${PARTNER_URL}${posted}\`, {`);
  expect(server).toContain(`const path = "${asked}".replace("/:id", `);
});

it("sends lists and mappings in a form", async () => {
  const { server } = await starterFor({ isForm: true });
  expect(server).toContain("return new URLSearchParams(fields(body)).toString();");
  const [source] = /function fields[\s\S]*?\n}/.exec(server) ?? [];
  const fields = new Function(`${source}\nreturn fields;`)() as (body: unknown) => [string, string][];
  const body = { a: 1, none: null, tags: ["x", "y"], items: [{ id: 7 }] };
  expect(parseForm(new URLSearchParams(fields(body)).toString())).toEqual({
    a: "1",
    tags: ["x", "y"],
    items: [{ id: "7" }],
  });
});
