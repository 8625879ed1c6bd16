import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { folderWith } from "../../../tests/support/files.ts";
import { formatProblem } from "../../lib/problem.ts";
import { loadContract, loadContractWithAssumptions } from "../load/contract.ts";
import type { Json } from "./json.ts";

const TEXT = { type: "string" };
const REQUEST = { type: "object", required: ["reference"], properties: { reference: { type: "string" } } };
const RESULT = {
  type: "object",
  required: ["reference", "outcome"],
  properties: { reference: { type: "string" }, outcome: { type: "string", enum: ["approved", "denied"] } },
};
const json = (schema: unknown) => ({ content: { "application/json": { schema } } });
const OK = {
  202: { description: "Taken", ...json({ type: "object", properties: { id: { type: "string" } } }) },
};

interface Parts {
  version?: string;
  address?: string;
  request?: unknown;
  result?: unknown;
  post?: Json;
  more?: Json;
  paths?: Json;
}

/** A small document: one POST with one callback. */
function acme({
  version = "3.0.3",
  address = "{$request.body#/callbackUrl}",
  request = REQUEST,
  result = RESULT,
  post,
  more,
  paths,
}: Parts = {}): string {
  const callbacks = {
    settled: {
      [address]: { post: { requestBody: json(result), responses: { 200: { description: "Taken" } } } },
    },
  };
  const operation = {
    operationId: "createClaim",
    requestBody: json(request),
    responses: OK,
    callbacks,
    ...post,
  };
  return stringify({
    openapi: version,
    info: { title: "Acme", version: "1" },
    paths: { "/claims": { post: operation }, ...paths },
    ...more,
  });
}

async function mistakes(files: Record<string, string>, name = "partner.yaml"): Promise<string[]> {
  const folder = folderWith({ "partner.yaml": "openapi: acme.yaml\n", ...files });
  const loaded = await loadContract(join(folder, name));
  return loaded.ok ? [] : loaded.problems.map((problem) => formatProblem(problem).replace(`${folder}/`, ""));
}

async function contractOf(files: Record<string, string>, name = "partner.yaml") {
  const folder = folderWith({ "partner.yaml": "openapi: acme.yaml\n", ...files });
  const loaded = await loadContractWithAssumptions(join(folder, name));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join("\n"));
  return loaded.value;
}

describe("a contract from OpenAPI", () => {
  it("is read from the document itself as from a file that links to it", async () => {
    const files = { "acme.yaml": acme() };
    const [linked, whole] = [await contractOf(files), await contractOf(files, "acme.yaml")];
    expect(linked).toEqual(whole);
    expect(whole.contract).toMatchObject({
      name: "Acme",
      submit: { post: "/claims", key: "body.reference" },
    });
  });

  it("gives way to what stands beside the link, and no longer calls that assumed", async () => {
    const beside =
      "openapi: acme.yaml\nprocess: { promises: 9s }\ncallback: { retry: [], sign: { scheme: github } }\nkey: body.other\n";
    const { contract, assumptions } = await contractOf({ "acme.yaml": acme(), "partner.yaml": beside });
    expect(contract.process).toMatchObject({
      promises: 9_000,
      outcomes: [
        ["approved", 0.9],
        ["denied", 0.1],
      ],
    });
    expect(contract.callback).toMatchObject({
      to: "body.callbackUrl",
      retry: [],
      sign: { scheme: "github" },
    });
    expect(contract.submit.key).toBe("body.other");
    const paths = assumptions.map(({ path }) => path);
    expect(paths).toContain("process.takes");
    for (const path of ["process.promises", "callback.sign", "submit.key"]) expect(paths).not.toContain(path);
  });

  it.each([
    ["{$request.body#/data/callbackUrl}", "body.data.callbackUrl"],
    ["{$request.query.callback}", "query.callback"],
    ["$request.header.X-Callback", "headers.`x-callback`"],
    [
      "{$request.body#/base}/results?for={$request.body#/reference}",
      "{{ body.base }}/results?for={{ body.reference }}",
    ],
    ["https://you.example/hooks/acme", "{{ system.url }}/hooks/acme"],
    ["https://you.example/hooks?via=acme", "{{ system.url }}/hooks?via=acme"],
    ["{$request.query.callbackUrl}/data", "{{ query.callbackUrl }}/data"],
    ["{$request.body#/links/0/href}", "body.links[0].href"],
    [
      "http://you.example?transactionId={$request.body#/reference}",
      "{{ system.url }}/?transactionId={{ body.reference }}",
    ],
    ["https://{$request.body#/host}/hooks", "{{ system.url }}/hooks"],
    ["/hooks/{$request.body#/reference}", "{{ system.url }}/hooks/{{ body.reference }}"],
  ])("understands the address %s", async (address, to) => {
    const { contract } = await contractOf({ "acme.yaml": acme({ address }) });
    expect(contract.callback?.to).toBe(to);
  });

  it.each([
    ["3.0.3", "x-webhooks"],
    ["3.1.0", "webhooks"],
  ])("takes a webhook of %s as the report", async (version, key) => {
    const webhook = { post: { requestBody: json(RESULT), responses: { 200: { description: "Taken" } } } };
    const text = acme({ version, post: { callbacks: {} }, more: { [key]: { "claim.settled": webhook } } });
    const { contract } = await contractOf({ "acme.yaml": text });
    expect(contract.callback?.to).toBe("{{ system.url }}/webhooks/claim.settled");
  });

  it.each([
    [{ maxLength: 13 }, "body.reference"],
    [{ maxLength: 12 }, "headers.`x-transaction-key`"],
    [{ pattern: "^[A-Z]{3}-\\w{4}-\\d{3}$" }, "headers.`x-transaction-key`"],
  ])("takes a property with %j for the key only if every key fits it", async (bounds, key) => {
    const request = { ...REQUEST, properties: { reference: { type: "string", ...bounds } } };
    const { contract } = await contractOf({ "acme.yaml": acme({ request }) });
    expect(contract.submit.key).toBe(key);
  });

  it("takes the results from the status route where the callback lists none", async () => {
    const reply = { type: "object", properties: { id: TEXT, status: { enum: ["open", "paid", "failed"] } } };
    const get = {
      parameters: [{ name: "id", in: "path", required: true, schema: TEXT }],
      responses: { 200: { description: "Here", ...json(reply) } },
    };
    const result = { type: "object", properties: { reference: TEXT, outcome: TEXT } };
    const text = acme({ result, paths: { "/claims/{id}": { get } } });
    const { contract, assumptions } = await contractOf({ "acme.yaml": text });
    expect(contract.process.outcomes.map(([outcome]) => outcome)).toEqual(["paid", "failed"]);
    expect(contract.callback?.json).toEqual({
      reference: "{{ submission.key }}",
      outcome: "{{ submission.outcome }}",
    });
    expect(assumptions.find(({ path }) => path === "process.outcomes")?.why).toMatch(/lists the results/);
  });

  it.each([undefined, { type: "object" }])(
    "ties an example with the schema %j to the submission",
    async (schema) => {
      const shown = (example: Json) => ({
        content: { "application/json": { ...(schema && { schema }), example } },
      });
      const example = {
        id: "ord_1",
        reference: "R-1",
        result: "approved",
        createdAt: "2026-01-02T03:04:05Z",
      };
      const callback = {
        post: { requestBody: shown(example), responses: { 200: { description: "Taken" } } },
      };
      const text = acme({
        post: {
          requestBody: shown({ reference: "R-1", callbackUrl: "https://you.example" }),
          responses: { 202: { description: "Taken", ...shown({ id: "ord_1", status: "open" }) } },
          callbacks: { done: { "{$request.body#/callbackUrl}": callback } },
        },
      });
      const { contract } = await contractOf({ "acme.yaml": text });
      expect(contract.submit).toMatchObject({
        key: "body.reference",
        ids: "ord_",
        reply: { json: { id: "{{ submission.id }}", status: "{{ submission.state }}" } },
      });
      expect(contract.callback?.json).toEqual({
        id: "{{ submission.id }}",
        reference: "{{ submission.key }}",
        result: "{{ submission.outcome }}",
        createdAt: "{{ submission.acceptedAt }}",
      });
    },
  );

  it("asks for what is required alone where an optional property cannot be made", async () => {
    const note = { type: "string", pattern: "^(?=.*[A-Z])[A-Za-z]{4}$" };
    const request = { ...REQUEST, properties: { ...REQUEST.properties, note } };
    const { assumptions } = await contractOf({ "acme.yaml": acme({ request }) });
    expect(assumptions.map(({ path }) => path)).not.toContain("submit.schema");
  });

  it("lets an event be of the type that the webhook is named after", async () => {
    const type = { type: "string", enum: ["claim.completed", "claim.decision_made", "claim.withdrawn"] };
    const payload = { ...RESULT, required: ["type"], properties: { ...RESULT.properties, type } };
    const webhook = { post: { requestBody: json(payload), responses: { 200: { description: "Taken" } } } };
    const more = { webhooks: { claimDecisionMade: webhook } };
    const text = acme({ version: "3.1.0", post: { callbacks: {} }, more });
    const { contract } = await contractOf({ "acme.yaml": text });
    expect(contract.callback?.json).toMatchObject({ type: "claim.decision_made" });
  });

  it("says so when a result does not tell whose it is", async () => {
    const whyOf = async (result: unknown) => {
      const { assumptions } = await contractOf({ "acme.yaml": acme({ result }) });
      return assumptions.filter(({ path }) => path === "callback.json").map(({ value }) => value);
    };
    expect(await whyOf(RESULT)).toEqual([]);
    const nameless = { type: "object", properties: { outcome: { enum: ["approved", "denied"] } } };
    expect(await whyOf(nameless)).toEqual(["names no submission"]);
  });

  it("lets one choose where several operations may be the submission", async () => {
    const other = { post: { operationId: "createOrder", requestBody: json(REQUEST), responses: OK } };
    const text = acme({ post: { callbacks: {} }, paths: { "/orders": other } });
    expect(await mistakes({ "acme.yaml": text })).toEqual([
      expect.stringMatching(
        /^acme\.yaml:\d+:\d+ {2}paths: several operations may be the submission: createClaim, createOrder; choose one: .*submit: createClaim/,
      ),
    ]);
    const chosen = { "acme.yaml": text, "partner.yaml": "openapi: acme.yaml\nsubmit: createOrder\n" };
    expect((await contractOf(chosen)).contract.submit.post).toBe("/orders");
    const wrong = { "acme.yaml": text, "partner.yaml": "openapi: acme.yaml\nsubmit: createOrdre\n" };
    expect(await mistakes(wrong)).toEqual([expect.stringContaining('did you mean "createOrder"?')]);
  });

  it("follows files below its folder, in circles too", async () => {
    const files = {
      "acme.yaml": acme({ request: { $ref: "./parts/schemas.yaml#/Claim" } }),
      "parts/schemas.yaml": stringify({
        Claim: {
          type: "object",
          required: ["reference"],
          properties: { reference: { $ref: "#/Reference" }, parent: { $ref: "#/Claim" } },
        },
        Reference: { type: "string", maxLength: 40 },
      }),
    };
    const { contract } = await contractOf(files);
    expect(JSON.stringify(contract.submit.schema)).toContain('"maxLength":40');
  });

  it.each([
    ["../secret.yaml#/X", "lies outside the document's folder"],
    ["https://evil.example/x.yaml", "nothing is loaded from the network"],
    ["file:///etc/passwd", "nothing is loaded from the network"],
    ["#/components/schemas/Nothing", "there is nothing at #/components/schemas/Nothing"],
    ["./missing.yaml#/X", "there is no file ./missing.yaml"],
    ["%zz.yaml", "there is no file %zz.yaml"],
  ])("refuses the reference %s, with its place", async (reference, message) => {
    const folder = folderWith({
      "secret.yaml": "X: { type: object }\n",
      "api/acme.yaml": acme({ request: { $ref: reference } }),
    });
    const loaded = await loadContract(join(folder, "api/acme.yaml"));
    const found = loaded.ok ? [] : loaded.problems.map(formatProblem);
    expect(found).toEqual([expect.stringMatching(/acme\.yaml:\d+:\d+ {2}paths/)]);
    expect(found[0]).toContain(message);
  });

  it.each([
    [
      "an unknown type",
      acme({ request: { type: "objekt" } }),
      /acme\.yaml:\d+:\d+ {2}paths\["\/claims"\]\.post\.requestBody.*type: breaks the OpenAPI specification/,
    ],
    [
      "Swagger 2",
      'swagger: "2.0"\ninfo: { title: A, version: "1" }\npaths: {}\n',
      /acme\.yaml:1:10 {2}swagger: Swagger 2.0 is not understood; convert/,
    ],
    [
      "references in a circle",
      acme({ more: { components: { schemas: { A: { $ref: "#/components/schemas/A" } } } } }),
      /components\.schemas\.A.*: #\/components\/schemas\/A leads in a circle, so it stands for nothing$/,
    ],
    [
      "a schema without end",
      acme({
        request: { $ref: "#/components/schemas/A" },
        more: { components: { schemas: { A: { allOf: [{ $ref: "#/components/schemas/A" }] } } } },
      }),
      /post: cannot be submitted to: the schema refers to itself for one and the same value, without end$/,
    ],
    [
      "a version to come",
      acme({ version: "4.0.0" }),
      /acme\.yaml:1:10 {2}openapi: OpenAPI 4.0.0 is not understood; 3.0 and 3.1 are/,
    ],
    [
      "XML alone",
      acme({ post: { requestBody: { content: { "application/xml": {} } } } }),
      /takes only application\/xml/,
    ],
    [
      "aliases without end",
      `a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nopenapi: 3.0.0\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n`,
      /aliases/,
    ],
  ])("refuses %s", async (_, text, message) => {
    expect(await mistakes({ "acme.yaml": text }, "acme.yaml")).toEqual([expect.stringMatching(message)]);
  });
});
