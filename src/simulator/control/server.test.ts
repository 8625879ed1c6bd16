// The control API at the socket: who is let in, what is refused and how, live readers, and the OpenAPI document.
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { validate } from "@readme/openapi-parser";
import { afterAll, describe, expect, it } from "vitest";
import { createHistoryLog } from "../../history/history.ts";
import { createClock } from "../../lib/clock.ts";
import { until } from "../../lib/wait.ts";
import { CONTRACT, TOKEN } from "../tests-support/partner.ts";
import { PartnerClient } from "./client.ts";
import { createGuard } from "./guard.ts";
import { createHistoryWindow } from "./history-window.ts";
import { sendLive } from "./live.ts";
import { OPERATIONS } from "./operations.ts";
import { bugs, startControlled } from "./tests-support/controlled.ts";

afterAll(() => expect(bugs).toEqual([]));

interface Exchange {
  status: number;
  text: string;
}

/** One request as it stands, to the end of the connection. */
function raw(port: number, request: string): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect({ host: "127.0.0.1", port }, () => socket.write(request));
    socket.setTimeout(10_000, () => socket.destroy(new Error("no answer")));
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", reject);
    socket.on("close", () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text }));
  });
}

const get = (path: string, headers: string[], method = "GET") =>
  `${method} ${path} HTTP/1.1\r\n${[...headers, "Connection: close"].join("\r\n")}\r\n\r\n`;

describe("who is let in", () => {
  it.each([
    ["its own address", 200, ["Host: 127.0.0.1:PORT"]],
    ["localhost", 200, ["Host: localhost:PORT"]],
    ["a name that was rebound to this machine", 403, ["Host: evil.example:PORT"]],
    ["a name that begins like loopback", 403, ["Host: 127.0.0.1.evil.example:PORT"]],
    ["another port", 403, ["Host: 127.0.0.1:1"]],
    ["a page of its own", 200, ["Host: localhost:PORT", "Origin: http://localhost:PORT"]],
    ["a page of another origin", 403, ["Host: localhost:PORT", "Origin: https://evil.example"]],
    ["a sandboxed page", 403, ["Host: localhost:PORT", "Origin: null"]],
    ["a page of another port", 403, ["Host: localhost:PORT", "Origin: http://localhost:1"]],
    ["an image on another site", 403, ["Host: localhost:PORT", "Sec-Fetch-Site: cross-site"]],
    ["a callback of a partner", 403, ["Host: localhost:PORT", "User-Agent: neverfails-partner"]],
  ])("%s: %d", async (_, status, headers) => {
    await using controlled = await startControlled();
    const { port } = controlled.server;
    const given = headers.map((header) => header.replaceAll("PORT", String(port)));
    const answered = await raw(port, get("/partner", given));
    expect(answered.status).toBe(status);
    if (status === 403) expect(answered.text).toMatch(/application\/problem\+json[\s\S]*"detail"/i);
  });

  it("wants the token that was given, but not for health", async () => {
    await using controlled = await startControlled(undefined, { token: "let-me-in-1234" });
    const { url } = controlled.server;
    const status = async (path: string, authorization?: string) =>
      (await fetch(url + path, { headers: authorization ? { authorization } : {} })).status;
    expect(await status("/faults")).toBe(401);
    expect(await status("/faults", "Bearer let-me-in-12345")).toBe(401);
    expect(await status("/faults", "Basic let-me-in-1234")).toBe(401);
    expect(await status("/faults", "bearer let-me-in-1234")).toBe(200);
    expect(await status("/health")).toBe(200);
    expect(await new PartnerClient(url, { token: "let-me-in-1234" }).faults.list()).toEqual([]);
  });

  it("generates a token where it listens beyond loopback", async () => {
    await using controlled = await startControlled(undefined, { host: "0.0.0.0" });
    const { token, url, port } = controlled.server;
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    const anonymous = await raw(port, get("/faults", ["Host: anything.example"]));
    expect(anonymous.status).toBe(401);
    expect(await controlled.client.faults.list()).toEqual([]);
  });

  it("knows the host that it was told to listen on", () => {
    const guard = createGuard({ host: "partner.internal", port: 80, token: "t-1234" });
    const authorization = "Bearer t-1234";
    expect(guard({ host: "partner.internal:80", authorization }, false)).toBeUndefined();
    expect(guard({ host: "other.internal:80", authorization }, false)?.status).toBe(403);
  });
});

describe("what is refused", () => {
  const post = (url: string, init: RequestInit) => fetch(`${url}/faults`, { method: "POST", ...init });
  const json = { "content-type": "application/json" };

  it.each([
    ["no body", 400, {}],
    ["a body that does not parse", 400, { headers: json, body: "{" }],
    ["a body that nests without end", 400, { headers: json, body: "[".repeat(60_000) }],
    ["a form", 415, { body: new URLSearchParams({ fault: "callback.missing" }) }],
    ["text", 415, { headers: { "content-type": "text/plain" }, body: '{"fault":"callback.missing"}' }],
    ["compressed bytes", 415, { headers: { ...json, "content-encoding": "gzip" }, body: "{}" }],
    ["a body above the limit", 413, { headers: json, body: `"${"x".repeat(70_000)}"` }],
    ["no object", 422, { headers: json, body: "[]" }],
    ["a hostile name", 422, { headers: json, body: '{"__proto__":{"fault":"callback.missing"}}' }],
    ["another hostile name", 422, { headers: json, body: '{"constructor":{},"fault":"callback.missing"}' }],
  ])("%s: %d, and says why", async (_, status, init) => {
    await using controlled = await startControlled();
    const response = await post(controlled.server.url, init);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    expect(await controlled.client.faults.list()).toEqual([]);
    expect(Object.hasOwn(Object.prototype, "fault")).toBe(false);
  });

  it("another method, with those that are allowed", async () => {
    await using controlled = await startControlled();
    const { url } = controlled.server;
    const patched = await fetch(`${url}/faults`, { method: "PATCH" });
    expect([patched.status, patched.headers.get("allow")]).toEqual([405, "GET, POST, DELETE, HEAD"]);
    const preflight = await fetch(`${url}/reset`, { method: "OPTIONS" });
    expect([preflight.status, preflight.headers.get("allow")]).toEqual([405, "POST"]);
    expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    expect((await fetch(`${url}/health`, { method: "HEAD" })).status).toBe(200);
  });

  it("a query that says too much, too little or twice the same", async () => {
    await using controlled = await startControlled();
    const { url } = controlled.server;
    const refused = async (query: string) => {
      const response = await fetch(`${url}/submissions?${query}`);
      return `${response.status} ${((await response.json()) as { detail: string }).detail}`;
    };
    expect(await refused("stat=settled")).toMatch(/^422 stat: unknown key.*did you mean "state"/);
    expect(await refused("state=setled")).toMatch(/^422 .*did you mean "settled"/);
    expect(await refused("limit=0")).toMatch(/^422 limit/);
    expect(await refused("key=a&key=b")).toMatch(/^422 key is given more than once/);
  });

  it("headers, and clients that never finish", async () => {
    await using controlled = await startControlled(undefined, { slowClientMs: 400 });
    const { port } = controlled.server;
    expect((await raw(port, get("/faults", ["Host: localhost", `X: ${"x".repeat(20_000)}`]))).status).toBe(
      431,
    );
    expect((await raw(port, get(`/faults?${"x".repeat(20_000)}`, ["Host: localhost"]))).status).toBe(431);
    expect((await raw(port, "GET /faults HTTP/1.1\r\nHost: localhost\r\nX: ")).status).toBe(408);
    const body =
      "POST /faults HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{";
    expect((await raw(port, body)).status).toBe(408);
    expect((await controlled.client.about()).name).toBe("Acme");
  });
});

it("never tells a secret", async () => {
  await using controlled = await startControlled({
    ...CONTRACT,
    callback: { to: "http://127.0.0.1:9/", json: {}, retry: [] },
  });
  const { test, client } = controlled;
  await test.submit("A", {
    body: JSON.stringify({ reference: "A", leaked: TOKEN, also: test.partner.secret }),
  });
  const [submission] = await client.submissions();
  expect(submission?.body).toEqual({ reference: "A", leaked: "[redacted]", also: "[redacted]" });
});

describe("a live reader", () => {
  it("gets each event under its number, resumes after the last one, and hears why it is over", async () => {
    await using controlled = await startControlled();
    const { test, server } = controlled;
    await test.submit("A");
    const stop = new AbortController();
    const response = await fetch(`${server.url}/history/live`, {
      headers: { "last-event-id": "1" },
      signal: stop.signal,
    });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    let text = "";
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    })();
    await until(() => text.includes("submission.processed"), { withinMs: 10_000 });
    expect(text).toMatch(/^retry: 1000\n\nid: 2\ndata: \{"seq":2,/);
    expect(text.match(/^id: \d+$/gm)?.slice(0, 3)).toEqual(["id: 2", "id: 3", "id: 4"]);
    await server.close();
    await reading;
    expect(text).toMatch(/event: end\ndata: {"reason":"the partner was closed"}\n\n$/);
  });

  it("is kept awake", async () => {
    await using controlled = await startControlled(undefined, { heartbeatMs: 100 });
    const response = await fetch(`${controlled.server.url}/history/live`);
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes(": still here\n\n: still here\n\n")) break;
    }
    expect(text.startsWith("retry: 1000")).toBe(true);
  });

  it("that takes nothing is cut off, whatever happens meanwhile", async () => {
    const history = createHistoryLog({ clock: createClock(), keeps: false });
    const window = createHistoryWindow(history);
    let isOver = false;
    let live = 0;
    const server = createServer((_, response) => {
      live += 1;
      const onClosed = () => {
        isOver = true;
      };
      sendLive(response, { window, after: 0, redact: (text) => text, heartbeatMs: 200 }, onClosed);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const socket = connect({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
    socket.pause();
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until(() => live === 1, { withinMs: 10_000 });
    // More than the sockets of both sides hold together.
    const reason = "x".repeat(100_000);
    for (let i = 0; i < 300; i++)
      history.append({ source: "partner", kind: "phase.incomplete", reason, keys: [] });
    expect(await until(() => isOver, { withinMs: 10_000 })).toBe(true);
    socket.destroy();
    server.close();
  });

  it("that asks for more than is held is told so", async () => {
    await using controlled = await startControlled();
    const { test, desk } = controlled;
    await test.submit("A");
    await test.event("submission.processed");
    await desk.reset();
    const reading = (async () => {
      for await (const event of controlled.client.events({ after: 1 })) expect(event).toBeUndefined();
    })();
    await expect(reading).rejects.toThrow(/not held any more/);
  });

  it("is one of 32 at most", async () => {
    await using controlled = await startControlled();
    const stop = new AbortController();
    const open = () => fetch(`${controlled.server.url}/history/live`, { signal: stop.signal });
    const responses = await Promise.all(Array.from({ length: 32 }, open));
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect((await open()).status).toBe(503);
    stop.abort();
    const frees = async () => {
      const response = await fetch(`${controlled.server.url}/history/live`);
      await response.body?.cancel();
      return response.status === 200;
    };
    expect(await until(frees, { withinMs: 10_000 })).toBe(true);
  });
});

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1 and names every operation", async () => {
    await using controlled = await startControlled();
    const response = await fetch(`${controlled.server.url}/openapi.json`);
    const document = (await response.json()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(document.openapi).toBe("3.1.0");
    const ids = Object.values(document.paths)
      .flatMap((item) => Object.values(item))
      .map(({ operationId }) => operationId);
    expect(ids.sort()).toEqual(OPERATIONS.map(({ id }) => id).sort());
    const checked = await validate(structuredClone(document) as never);
    expect(checked.valid ? [] : checked.errors).toEqual([]);
  });
});
