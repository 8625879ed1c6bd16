import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import type { Reply } from "../pipeline-values.ts";
import { createPerformer } from "./perform.ts";

const HONEST: Reply = {
  status: 200,
  headers: { "content-type": "text/plain" },
  body: "0123456789".repeat(4),
  delayMs: 0,
  ending: "complete",
};

/** Performs one reply for a bare client and collects what both sides see. */
async function perform(reply: Reply) {
  const performer = createPerformer();
  const seen = { text: "", ended: "", code: "", recorded: "", chunks: 0 };
  const server = createServer((request, response) => {
    performer.perform(
      {
        reply,
        onReplied: () => {
          seen.recorded = "replied";
        },
        onAborted: (by, reason) => {
          seen.recorded = `aborted by ${by}: ${reason}`;
        },
      },
      request,
      response,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    seen.text += chunk;
    seen.chunks += 1;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    seen.code = String(error.code);
  });
  socket.on("end", () => {
    seen.ended = "FIN";
  });
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  return {
    performer,
    seen,
    socket,
    async [Symbol.asyncDispose]() {
      socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const eventually = (condition: () => boolean) => until(condition, { withinMs: 10_000, everyMs: 5 });
const bodyOf = (text: string) => text.split("\r\n\r\n")[1] ?? "";

it("sends an honest reply whole and at once", async () => {
  await using wire = await perform(HONEST);
  expect(await eventually(() => bodyOf(wire.seen.text) === HONEST.body)).toBe(true);
  expect(wire.seen.recorded).toBe("replied");
  expect(wire.performer.open).toBe(0);
});

it.each([
  ["reset", "ECONNRESET", ""],
  ["close", "", "FIN"],
] as const)("breaks off with a %s without sending anything", async (ending, code, ended) => {
  await using wire = await perform({ ...HONEST, ending });
  expect(await eventually(() => wire.seen.code !== "" || wire.seen.ended !== "")).toBe(true);
  expect(wire.seen).toMatchObject({
    text: "",
    code,
    ended,
    recorded: expect.stringMatching(/^aborted by partner/),
  });
  expect(wire.performer.open).toBe(0);
});

it.each(["reset", "close"] as const)(
  "announces the whole body, sends a part of it, and ends with a %s",
  async (ending) => {
    await using wire = await perform({ ...HONEST, ending, keepBytes: 7 });
    expect(
      await eventually(() => wire.seen.recorded !== "" && (wire.seen.code !== "" || wire.seen.ended !== "")),
    ).toBe(true);
    // A reset may overtake what was sent before it.
    if (ending === "close") {
      expect(wire.seen.text).toMatch(/content-length: 40/);
      expect(bodyOf(wire.seen.text)).toBe("0123456");
    }
    expect(wire.seen.recorded).toMatch(/^aborted by partner/);
  },
);

it("sends a part and then holds the connection until the client leaves", async () => {
  await using wire = await perform({ ...HONEST, ending: "hang", keepBytes: 7 });
  expect(await eventually(() => bodyOf(wire.seen.text) === "0123456")).toBe(true);
  expect(wire.performer.open).toBe(1);
  wire.socket.destroy();
  expect(await eventually(() => wire.seen.recorded.startsWith("aborted by client"))).toBe(true);
  expect(wire.performer.open).toBe(0);
});

it("drips at the given pace", async () => {
  const began = performance.now();
  await using wire = await perform({ ...HONEST, bytesPerSecond: 100 });
  expect(await eventually(() => wire.seen.recorded === "replied")).toBe(true);
  expect(performance.now() - began).toBeGreaterThanOrEqual(350);
  expect(await eventually(() => bodyOf(wire.seen.text) === HONEST.body)).toBe(true);
  expect(wire.seen.chunks).toBeGreaterThan(5);
});

it("cuts everything that is open and says why", async () => {
  await using wire = await perform({ ...HONEST, delayMs: 60_000 });
  expect(await eventually(() => wire.performer.open === 1)).toBe(true);
  wire.performer.cutAll("the partner went down");
  expect(wire.seen.recorded).toBe("aborted by partner: the partner went down");
  expect(wire.performer.open).toBe(0);
});
