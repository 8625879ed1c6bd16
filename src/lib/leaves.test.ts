import { createServer } from "node:net";
import { expect, it } from "vitest";
import { freePort } from "./ports.ts";
import { formatProblem } from "./problem.ts";
import { createRedactor } from "./redact.ts";
import { suggest } from "./suggest.ts";
import { sleep, until } from "./wait.ts";

it("suggests the word that was probably meant, and nothing for a stranger", () => {
  const faults = ["callback.missing", "callback.late", "connection.refused"];
  expect(suggest("callback.mising", faults)).toBe("callback.missing");
  expect(suggest("Callback.Late", faults)).toBe("callback.late");
  expect(suggest("banana", faults)).toBeUndefined();
});

it("never wakes before the time", async () => {
  for (let i = 0; i < 20; i++) {
    const began = performance.now();
    await sleep(7);
    expect(performance.now() - began).toBeGreaterThanOrEqual(7);
  }
});

it("wakes at once when aborted", async () => {
  const controller = new AbortController();
  const sleeping = sleep(60_000, controller.signal);
  controller.abort();
  expect(await sleeping).toBe(false);
  expect(await sleep(60_000, controller.signal)).toBe(false);
});

it("waits for a condition, and gives up when the time is over", async () => {
  let looks = 0;
  expect(await until(() => ++looks === 3, { withinMs: 5_000, everyMs: 1 })).toBe(true);
  expect(await until(() => false, { withinMs: 20, everyMs: 5 })).toBe(false);
});

it("gives out different free ports, below the range that outgoing connections use", async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  expect(new Set(ports).size).toBe(20);
  for (const port of ports) expect(port).toBeLessThan(32_768);
});

it("passes over a port that is taken", async () => {
  const taken = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => taken.listen(port, "127.0.0.1", resolve));
  const others = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  expect(others).not.toContain(port);
  await new Promise((resolve) => taken.close(resolve));
});

it("redacts secrets as they stand in JSON, URLs and forms, and access tokens that nobody announced", () => {
  const secret = 'pa"ss & wörd';
  const redact = createRedactor([secret]);
  const texts = [
    JSON.stringify({ secret }),
    encodeURIComponent(secret),
    new URLSearchParams({ secret }).toString(),
    "Bearer nfat_k3j2h1g0_0a1b2c3d_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE",
  ];
  expect(texts.map(redact)).toEqual([
    '{"secret":"[redacted]"}',
    "[redacted]",
    "secret=[redacted]",
    "Bearer [redacted]",
  ]);
  expect(createRedactor([])("nfat_short is none")).toBe("nfat_short is none");
});

it("redacts the longest secret first and leaves short words alone", () => {
  const redact = createRedactor(["secret", "secret-and-more", "ab"]);
  expect(redact("a secret-and-more, a secret, ab")).toBe("a [redacted], a [redacted], ab");
});

it("formats a problem as file:line:column that editors can open", () => {
  expect(
    formatProblem({
      file: "a.yaml",
      line: 9,
      column: 5,
      path: "faults[0].fault",
      message: "unknown",
      hint: "do this",
    }),
  ).toBe("a.yaml:9:5  faults[0].fault: unknown; do this");
  expect(formatProblem({ file: "a.yaml", message: "cannot be read" })).toBe("a.yaml  cannot be read");
});
