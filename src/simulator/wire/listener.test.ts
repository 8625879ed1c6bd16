import { connect, createServer, type Socket } from "node:net";
import { expect, it } from "vitest";
import { freePort } from "../../lib/ports.ts";
import { until } from "../../lib/wait.ts";
import { createListener, type ListenerOptions } from "./listener.ts";

async function listening(options: Partial<ListenerOptions> = {}) {
  const port = await freePort();
  const listener = createListener({
    host: "127.0.0.1",
    port,
    onRequest: (request, response) => {
      request.resume().on("end", () => response.end("here"));
    },
    ...options,
  });
  await listener.open();
  return { port, listener, [Symbol.asyncDispose]: () => listener.close() };
}

/** Keeps what comes back on a bare connection. */
function talk(port: number) {
  const socket: Socket = connect(port, "127.0.0.1");
  const seen = { text: "", isClosed: false, socket };
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    seen.text += chunk;
  });
  socket
    .on("error", () => undefined)
    .on("close", () => {
      seen.isClosed = true;
    });
  return seen;
}

it.each([
  ["its headers", "POST / HTTP/1.1\r\nhost: x\r\n"],
  ["its body", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n123"],
])("cuts a client that never finishes %s", async (_, bytes) => {
  await using server = await listening({ slowClientMs: 400 });
  const client = talk(server.port);
  client.socket.write(bytes);
  expect(await until(() => client.isClosed, { withinMs: 10_000 })).toBe(true);
  expect(client.text).toMatch(/^HTTP\/1.1 408 /);
});

it("leaves a connection that has served open, where one that never asks is cut", async () => {
  await using server = await listening({ slowClientMs: 400 });
  const served = talk(server.port);
  const request = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
  served.socket.write(request);
  expect(await until(() => served.text.endsWith("here"), { withinMs: 5_000 })).toBe(true);
  const silent = talk(server.port);
  expect(await until(() => silent.isClosed, { withinMs: 10_000 })).toBe(true);
  expect(served.isClosed).toBe(false);
  served.socket.write(request);
  expect(await until(() => /here.*here$/s.test(served.text), { withinMs: 5_000 })).toBe(true);
  served.socket.destroy();
});

it("opens again on its own port as soon as whoever has it lets it go", async () => {
  await using server = await listening();
  await server.listener.become("refused");
  const thief = createServer();
  await new Promise<void>((resolve) => thief.listen(server.port, "127.0.0.1", resolve));
  const reopened = server.listener.become("open");
  thief.close();
  await reopened;
  const client = talk(server.port);
  client.socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  expect(await until(() => client.text.endsWith("here"), { withinMs: 5_000 })).toBe(true);
  client.socket.destroy();
});

it("gives up on a port that stays taken, and says why", async () => {
  await using server = await listening();
  await server.listener.become("refused");
  const thief = createServer();
  await new Promise<void>((resolve) => thief.listen(server.port, "127.0.0.1", resolve));
  await expect(server.listener.become("open")).rejects.toThrow(/EADDRINUSE/);
  await new Promise((resolve) => thief.close(resolve));
});

it("ends in the last state that was asked for, however fast they follow", async () => {
  await using server = await listening();
  const { listener, port } = server;
  await Promise.all(
    (["refused", "open", "reset-on-accept", "refused", "open"] as const).map(listener.become),
  );
  const client = talk(port);
  client.socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  expect(await until(() => client.text.endsWith("here"), { withinMs: 5_000 })).toBe(true);
  client.socket.destroy();
});
