import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import { CONTRACT, startTestPartner, type TestPartner, TOKEN } from "../tests-support/partner.ts";

const SCHEMA = {
  type: "object",
  required: ["reference", "amount"],
  properties: {
    reference: { type: "string" },
    amount: { type: "number" },
    email: { type: "string", format: "email" },
  },
  additionalProperties: false,
};
const STRICT = { ...CONTRACT, submit: { ...CONTRACT.submit, schema: SCHEMA } };

/** Sends bytes as they are on a bare connection; resolves to all that comes back once `isDone` or the end. */
async function raw(
  acme: TestPartner,
  bytes: string,
  isDone: (text: string) => boolean = () => false,
): Promise<string> {
  const socket = connect(acme.partner.port, "127.0.0.1");
  let text = "";
  let isOver = false;
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    text += chunk;
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    isOver = true;
  });
  socket.write(bytes);
  await until(() => isOver || isDone(text), { withinMs: 10_000, everyMs: 10 });
  socket.destroy();
  return text;
}

describe("authentication", () => {
  it.each([
    [undefined, 'Bearer realm="Acme"'],
    ["Bearer wrong", 'Bearer realm="Acme", error="invalid_token"'],
    ["Basic dXNlcjpwYXNz", 'Bearer realm="Acme", error="invalid_token"'],
  ])("answers 401 to Authorization: %s", async (authorization, challenge) => {
    await using acme = await startTestPartner();
    const response = await fetch(`${acme.partner.url}/v1/claims`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": "k",
        ...(authorization && { authorization }),
      },
      body: '{"reference":"A"}',
    });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe(challenge);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ type: "about:blank", title: "Unauthorized", status: 401 });
    expect(acme.events("submit.replied")).toMatchObject([{ key: "A", status: 401, effect: "refused" }]);
    expect(acme.partner.ledger.size).toBe(0);
  });

  it("takes the name of the scheme in any case, and asks for it on the status too", async () => {
    await using acme = await startTestPartner();
    const { json } = await acme.submit("A", { headers: { authorization: `bEaReR  ${TOKEN}` } });
    expect(json.id).toMatch(/^sub_/);
    const response = await fetch(`${acme.partner.url}/v1/claims/${String(json.id)}`);
    expect(response.status).toBe(401);
  });

  it("lets everybody in without `auth`, and then has no token", async () => {
    const { auth: _auth, ...open } = CONTRACT;
    await using acme = await startTestPartner(open);
    expect(acme.partner.token).toBe("");
    expect((await acme.submit("A", { headers: { authorization: "" } })).status).toBe(202);
  });
});

describe("validation", () => {
  it.each([
    [{ reference: "A" }, "# must have required property 'amount'"],
    [{ reference: "A", amount: "12" }, "#/amount must be number"],
    [{ reference: "A", amount: 1, email: "nobody" }, '#/email must match format "email"'],
    [{ reference: "A", amount: 1, x: 1 }, "# must NOT have additional properties: x"],
  ])("answers 422 to %j and says where", async (body, detail) => {
    await using acme = await startTestPartner(STRICT);
    const reply = await acme.submit("A", { body: JSON.stringify(body) });
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(reply.json).toMatchObject({ status: 422, detail: `The body is not valid: ${detail}.` });
    expect(acme.partner.ledger.size).toBe(0);
  });

  it("follows JSON Schema 2020-12 where the schema says so", async () => {
    const schema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: { lines: { type: "array", prefixItems: [{ type: "number" }], items: false } },
    };
    await using acme = await startTestPartner({ ...CONTRACT, submit: { ...CONTRACT.submit, schema } });
    expect((await acme.submit("A", { body: '{"reference":"A","lines":[1]}' })).status).toBe(202);
    expect((await acme.submit("B", { body: '{"reference":"B","lines":[1,2]}' })).status).toBe(422);
  });

  it.each(["{}", '{"reference":null}', '{"reference":""}', '{"reference":["A"]}', "[]", "7", "null", '"x"'])(
    "answers 422 to %s, which names no transaction, and leaves no event",
    async (body) => {
      await using acme = await startTestPartner();
      expect((await acme.submit("A", { body })).json).toMatchObject({ status: 422 });
      expect(acme.history.events).toEqual([]);
    },
  );

  it.each(["", "{", "{'reference':'A'}", '{"reference":"A"}}'])(
    "answers 400 to %j, which is no JSON",
    async (body) => {
      await using acme = await startTestPartner();
      expect((await acme.submit("A", { body })).json).toMatchObject({ status: 400 });
    },
  );

  it("accepts numbers as references, and HTML forms as bodies", async () => {
    await using acme = await startTestPartner(STRICT);
    const form = await acme.submit("A", {
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      body: "reference=A+1&amount=12.5",
    });
    expect(form.status).toBe(202);
    expect(acme.partner.ledger.byKey("A 1")[0]?.body).toEqual({ reference: "A 1", amount: 12.5 });
    await using plain = await startTestPartner();
    expect((await plain.submit("7", { body: '{"reference":7}' })).status).toBe(202);
    expect(plain.partner.ledger.byKey("7")).toHaveLength(1);
  });

  it.each([
    ["text/plain", undefined],
    ["application/json", "gzip"],
  ])("answers 415 to content type %s with coding %s", async (contentType, coding) => {
    await using acme = await startTestPartner();
    const headers = { "content-type": contentType, ...(coding && { "content-encoding": coding }) };
    expect((await acme.submit("A", { headers })).json).toMatchObject({ status: 415 });
  });

  it.each([
    '{"reference":"A","__proto__":{"polluted":1}}',
    '{"reference":"A","\\u005f_proto__":{"polluted":1}}',
  ])("leaves __proto__ out of %s", async (body) => {
    await using acme = await startTestPartner();
    expect((await acme.submit("A", { body })).status).toBe(202);
    const kept = acme.partner.ledger.byKey("A")[0]?.body as object;
    expect(Object.getOwnPropertyNames(kept)).toEqual(["reference"]);
    expect(Object.assign({}, kept)).not.toHaveProperty("polluted");
    expect({}).not.toHaveProperty("polluted");
  });

  it("leaves __proto__ out of forms", async () => {
    await using acme = await startTestPartner();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = "reference=A&__proto__=x&tag=1&tag=2";
    expect((await acme.submit("A", { headers, body })).status).toBe(202);
    expect(acme.partner.ledger.byKey("A")[0]?.body).toEqual({ reference: "A", tag: ["1", "2"] });
  });
});

describe("routes and limits", () => {
  it.each([
    ["GET", "/nothing", 404, undefined],
    ["DELETE", "/v1/claims", 405, "POST"],
    ["PUT", "/v1/claims/sub_1", 405, "GET"],
    ["GET", "/v1/claims/sub_unknown", 404, undefined],
    ["GET", "/v1/claims/%E0%A4%A", 404, undefined],
  ])("answers %s %s with %i", async (method, path, status, allow) => {
    await using acme = await startTestPartner();
    const response = await fetch(`${acme.partner.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(response.status).toBe(status);
    expect(response.headers.get("allow") ?? undefined).toBe(allow);
    expect(await response.json()).toMatchObject({ status });
  });

  it("ignores the query of a submission", async () => {
    await using acme = await startTestPartner();
    const response = await fetch(`${acme.partner.url}/v1/claims?dry=1`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${TOKEN}`,
        "content-type": "application/json",
        "idempotency-key": "k",
      },
      body: '{"reference":"A"}',
    });
    expect(response.status).toBe(202);
  });

  it("answers 413 to a body above a mebibyte, whether its length is announced or not", async () => {
    await using acme = await startTestPartner();
    const body = JSON.stringify({ reference: "A", padding: "x".repeat(1_100_000) });
    expect((await acme.submit("A", { body })).json).toMatchObject({ status: 413 });
    const chunk = "x".repeat(100_000);
    const chunks = `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(12);
    const head = `POST /v1/claims HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;
    const answer = await raw(acme, `${head}${chunks}0\r\n\r\n`, (text) => text.includes("}"));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect((await acme.submit("B", { body: '{"reference":"B"}' })).status).toBe(202);
  });

  it("takes a body just below the limit", async () => {
    await using acme = await startTestPartner();
    const body = JSON.stringify({ reference: "A", padding: "x".repeat(1_000_000) });
    expect((await acme.submit("A", { body })).status).toBe(202);
  });

  it("answers 431 to headers beyond the limit and 400 to what is no HTTP", async () => {
    await using acme = await startTestPartner();
    const head = `POST /v1/claims HTTP/1.1\r\nhost: x\r\nx-big: ${"x".repeat(20_000)}\r\n\r\n`;
    expect(await raw(acme, head)).toMatch(/^HTTP\/1.1 431 /);
    expect(await raw(acme, "hello\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
  });

  it("leaves no event when the client goes away within its body", async () => {
    await using acme = await startTestPartner();
    const head = `POST /v1/claims HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"refe`;
    const socket = connect(acme.partner.port, "127.0.0.1");
    await new Promise<void>((resolve) => socket.write(head, () => resolve()));
    socket.destroy();
    expect((await acme.submit("B")).status).toBe(202);
    expect(new Set(acme.history.events.map(({ key }) => key))).toEqual(new Set(["B"]));
  });

  it("serves many requests on one connection", async () => {
    await using acme = await startTestPartner();
    const one = (key: string) => {
      const body = JSON.stringify({ reference: key });
      return `POST /v1/claims HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-type: application/json\r\nidempotency-key: ${key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    };
    const answers = await raw(
      acme,
      ["A", "B", "C"].map(one).join(""),
      (text) => text.split("HTTP/1.1 202").length === 4,
    );
    expect(answers.match(/HTTP\/1.1 202/g)).toHaveLength(3);
    expect(acme.partner.ledger.size).toBe(3);
  });
});
