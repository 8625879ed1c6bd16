// What is bounded at the partner's socket: sizes, nesting, names, and what a caller may bring into a reply.
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import { CONTRACT, startTestPartner, type TestPartner, TOKEN } from "../tests-support/partner.ts";

const HEAD = `POST /v1/claims HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\n`;

const MOST_SENT = 64 * 1_048_576;

/** What comes back for these bytes until the connection ends; `more` is written again and again as long as it lasts. */
async function raw(
  { partner }: TestPartner,
  bytes: string,
  more?: Buffer,
): Promise<{ text: string; sent: number }> {
  const socket = connect(partner.port, "127.0.0.1");
  let text = "";
  let sent = 0;
  let isOver = false;
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    isOver = true;
  });
  const flood = (failed?: Error | null) => {
    if (more === undefined || isOver || failed || sent > MOST_SENT) return;
    sent += more.length;
    socket.write(more, flood);
  };
  socket.write(bytes, flood);
  await until(() => isOver || (more === undefined && text.includes("\r\n\r\n")), {
    withinMs: 12_000,
    everyMs: 10,
  });
  socket.destroy();
  return { text, sent };
}

describe("a body", () => {
  it.each([
    ["of lists", "[".repeat(100_000)],
    ["of mappings", `${'{"a":'.repeat(300)}1${"}".repeat(300)}`],
  ])("%s that nests too deeply gets 400", async (_, body) => {
    await using acme = await startTestPartner();
    const answered = await acme.submit("A", { body });
    expect([answered.status, answered.json.detail]).toEqual([400, "The body nests deeper than 200 levels."]);
    expect((await acme.submit("B")).status).toBe(202);
  });

  it("may hold any number of brackets in a text", async () => {
    await using acme = await startTestPartner();
    const body = JSON.stringify({ reference: "A", note: '["\\{'.repeat(5_000) });
    expect((await acme.submit("A", { body })).status).toBe(202);
  });

  it("without end is cut off", async () => {
    await using acme = await startTestPartner();
    const chunk = Buffer.from(`10000\r\n${"x".repeat(65_536)}\r\n`);
    const { sent } = await raw(acme, `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, chunk);
    expect(sent).toBeLessThan(MOST_SENT);
    expect((await acme.submit("B")).status).toBe(202);
  });

  it("pollutes no prototype, whatever its names", async () => {
    await using acme = await startTestPartner({
      ...CONTRACT,
      submit: { ...CONTRACT.submit, reply: { json: { echo: "{{ body }}" } } },
    });
    const names =
      '"__proto__":{"polluted":1},"\\u005f_proto__":{"polluted":2},"constructor":{"prototype":{"polluted":3}}';
    const { json } = await acme.submit("A", { body: `{"reference":"A",${names}}` });
    expect(json.echo).toEqual({ reference: "A", constructor: { prototype: { polluted: 3 } } });
    expect("polluted" in {}).toBe(false);
  });
});

it("what a caller sends cannot add a header to the reply", async () => {
  await using acme = await startTestPartner({
    ...CONTRACT,
    submit: { ...CONTRACT.submit, reply: { headers: { "x-echo": "{{ body.reference }}" }, json: {} } },
  });
  const reference = "a\r\nX-Injected: yes\u0000\ud800";
  const answered = await acme.submit("A", { body: JSON.stringify({ reference }) });
  expect([answered.status, answered.headers["x-echo"]]).toEqual([202, "a??X-Injected: yes??"]);
  expect(answered.headers["x-injected"]).toBeUndefined();
});

describe("a request", () => {
  it.each([
    ["with two lengths", 400, `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    [
      "with a length and chunks",
      400,
      `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ["with an unknown coding", 400, `${HEAD}Transfer-Encoding: xchunked\r\n\r\n{}`],
    ["with broken chunks", 400, `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ["with a space before the colon", 400, "GET /v1/claims/1 HTTP/1.1\r\nHost : x\r\n\r\n"],
    ["without a host", 400, "GET /v1/claims/1 HTTP/1.1\r\n\r\n"],
    ["that is none", 400, "hello\r\n\r\n"],
    ["with long headers", 431, `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`],
    ["with a long URL", 431, `GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])("%s gets %d", async (_, status, bytes) => {
    await using acme = await startTestPartner();
    expect((await raw(acme, bytes)).text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await acme.submit("B")).status).toBe(202);
  });
});

it.each(['"__proto__"', '"__\\u0070roto__"', '"\\u005f\\u005fproto\\u005f_"'])(
  "leaves out a field that is called %s",
  async (name) => {
    await using acme = await startTestPartner();
    await acme.submit("A", { body: `{"reference":"A",${name}:{"x":1}}` });
    const [submission] = acme.partner.ledger.byKey("A");
    expect(Object.keys(submission?.body as object)).toEqual(["reference"]);
  },
);
