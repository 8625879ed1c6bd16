import { describe, expect, it } from "vitest";
import { errorCodeOf, startTestPartner, type TestPartner } from "../tests-support/partner.ts";

const knows = (acme: TestPartner, key: string) => acme.partner.ledger.byKey(key).length > 0;

describe("submit.unavailable", () => {
  it("answers 503 with problem details and accepts nothing", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.unavailable" }]);
    const reply = await acme.submit("A");
    expect(reply.status).toBe(503);
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(reply.json).toMatchObject({ status: 503, title: "Service Unavailable" });
    expect(reply.headers["retry-after"]).toBeUndefined();
    expect(knows(acme, "A")).toBe(false);
    expect(acme.events("submit.replied")).toMatchObject([{ status: 503, effect: "refused", faults: [0] }]);
    await acme.partner.heal();
    expect((await acme.submit("A")).status).toBe(202);
  });

  it("says in whole seconds when to come back, rounded up", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.unavailable", status: 500, retryAfter: "1.2s", body: "try later" }]);
    const reply = await acme.submit("A");
    expect(reply).toMatchObject({ status: 500, text: "try later", headers: { "retry-after": "2" } });
    expect(acme.events("submit.replied")).toMatchObject([{ retryAfterMs: 2_000 }]);
  });

  it("says it as a date too", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.unavailable", retryAfter: "3s", retryAfterAs: "date" }]);
    const asked = Date.now();
    const reply = await acme.submit("A");
    const date = String(reply.headers["retry-after"]);
    expect(new Date(date).toUTCString()).toBe(date);
    expect(Date.parse(date)).toBeGreaterThanOrEqual(asked + 2_900);
    expect(Date.parse(date)).toBeLessThan(asked + 10_000);
    const [replied] = acme.events("submit.replied");
    expect(replied?.retryAfterMs).toBeGreaterThanOrEqual(2_900);
    expect(replied?.retryAfterMs).toBeLessThanOrEqual(4_100);
  });

  it("hits only the chosen transactions and attempts, in its window", async () => {
    await using acme = await startTestPartner(undefined, { ordinalOf: (key) => Number(key.slice(1)) });
    await acme.arm([{ fault: "submit.unavailable", on: "every 2nd", attempts: "1..2" }], 4);
    const statuses = async (key: string) => {
      const seen: number[] = [];
      for (let attempt = 1; attempt <= 3; attempt++) seen.push((await acme.submit(key)).status);
      return seen;
    };
    expect(await statuses("K1")).toEqual([202, 202, 202]);
    expect(await statuses("K2")).toEqual([503, 503, 202]);
    expect(await statuses("K4")).toEqual([503, 503, 202]);
  });
});

describe("submit.error", () => {
  it("answers with the status and the page of your choice, and has accepted it when told so", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.error", status: 502, body: "<h1>Bad gateway</h1>", accepted: true }]);
    const reply = await acme.submit("A");
    expect(reply).toMatchObject({ status: 502, text: "<h1>Bad gateway</h1>" });
    expect(reply.headers["content-type"]).toMatch(/^text\/html/);
    expect(knows(acme, "A")).toBe(true);
    expect(acme.events("submit.replied")).toMatchObject([{ status: 502, effect: "accepted", faults: [0] }]);
  });

  it("accepts nothing by default and says so in problem details", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.error", status: 422 }]);
    expect((await acme.submit("A")).json).toMatchObject({ status: 422 });
    expect(knows(acme, "A")).toBe(false);
  });

  it("marks a broken success in the history", async () => {
    await using acme = await startTestPartner();
    await acme.arm([
      { fault: "submit.error", status: 200, body: "{", contentType: "application/json", accepted: true },
    ]);
    expect(await acme.submit("A")).toMatchObject({ status: 200, text: "{" });
    expect(acme.events("submit.replied")).toMatchObject([{ malformed: true }]);
  });
});

describe("submit.lost-reply", () => {
  it.each([
    ["reset", "ECONNRESET"],
    ["close", "UND_ERR_SOCKET"],
  ])(
    "has it in the ledger when the connection ends with a %s, and replays the reply to the same key",
    async (ending, code) => {
      await using acme = await startTestPartner();
      await acme.arm([{ fault: "submit.lost-reply", ending, attempts: 1 }]);
      expect(await errorCodeOf(acme.submit("A"))).toBe(code);
      expect(acme.partner.ledger.byKey("A")).toHaveLength(1);
      expect(acme.events("submit.aborted")).toMatchObject([
        { by: "partner", effect: "accepted", faults: [0] },
      ]);
      const again = await acme.submit("A");
      expect(again).toMatchObject({ status: 202, headers: { "idempotent-replayed": "true" } });
      expect(acme.partner.ledger.byKey("A")).toHaveLength(1);
    },
  );

  it("holds the connection when it hangs, until the client gives up", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.lost-reply", ending: "hang", attempts: 1 }]);
    expect(await errorCodeOf(acme.submit("A", { timeoutMs: 800 }))).toBe("TimeoutError");
    expect(await acme.event("submit.aborted")).toMatchObject({ by: "client", effect: "accepted" });
    expect((await acme.submit("A")).headers["idempotent-replayed"]).toBe("true");
  });
});

describe("submit.slow", () => {
  it("accepts at once and answers late", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.slow", delay: "400ms" }]);
    const began = performance.now();
    const reply = acme.submit("A");
    await acme.event("submission.accepted");
    expect(acme.events("submit.replied")).toEqual([]);
    expect((await reply).status).toBe(202);
    expect(performance.now() - began).toBeGreaterThanOrEqual(395);
    expect(await acme.event("submit.replied")).toMatchObject({ effect: "accepted", faults: [0] });
  });

  it("records a client that does not wait, with what was accepted", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.slow", delay: "30s" }]);
    expect(await errorCodeOf(acme.submit("A", { timeoutMs: 800 }))).toBe("TimeoutError");
    expect(await acme.event("submit.aborted")).toMatchObject({
      by: "client",
      effect: "accepted",
      faults: [0],
    });
  });

  it("answers 409 to the same key while the first request still runs", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.slow", delay: "1500ms", attempts: 1 }]);
    const first = acme.submit("A");
    await acme.event("submission.accepted");
    expect((await acme.submit("A")).json).toMatchObject({ status: 409 });
    expect((await first).status).toBe(202);
    expect((await acme.submit("A")).headers["idempotent-replayed"]).toBe("true");
  });
});

it("lets several faults shape one reply, in the order in which they are written", async () => {
  await using acme = await startTestPartner();
  await acme.arm([{ fault: "submit.slow", delay: "300ms" }, { fault: "submit.unavailable" }]);
  const began = performance.now();
  expect((await acme.submit("A")).status).toBe(503);
  expect(performance.now() - began).toBeGreaterThanOrEqual(295);
  expect(acme.events("submit.replied")).toMatchObject([{ faults: [0, 1], effect: "refused" }]);
});

it("sends problem details under another content type, and takes none that no header can hold", async () => {
  await using acme = await startTestPartner();
  await acme.arm([{ fault: "submit.error", contentType: "application/json" }]);
  const reply = await acme.submit("A");
  expect(reply).toMatchObject({ status: 500, headers: { "content-type": "application/json" } });
  expect(reply.json).toMatchObject({ status: 500, detail: "The request failed." });
  for (const contentType of ["text/中", "a\r\nb: c", "x\u0000"])
    await expect(acme.arm([{ fault: "submit.error", contentType }])).rejects.toThrow("a header may hold");
});

it.each([
  [204, undefined],
  [205, "0"],
  [304, undefined],
])("says nothing and no wrong length with status %i", async (status, length) => {
  await using acme = await startTestPartner();
  await acme.arm([{ fault: "submit.error", status, body: "not to be sent" }]);
  const reply = await acme.submit("A");
  expect(reply).toMatchObject({ status, text: "" });
  expect(reply.headers["content-length"]).toBe(length);
  expect(reply.headers["content-type"]).toBeUndefined();
});
