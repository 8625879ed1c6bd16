import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import { errorCodeOf, startTestPartner, type TestPartner } from "../tests-support/partner.ts";

/** Opens a bare connection; resolves to the error's code, or `connected`. */
function knock(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    socket.once("connect", () => {
      resolve("connected");
      socket.destroy();
    });
  });
}

const knows = (acme: TestPartner, key: string) => acme.partner.ledger.byKey(key).length > 0;

describe("connection.refused", () => {
  it("listens no more while armed, and on the same port after heal", async () => {
    await using acme = await startTestPartner();
    const { port } = acme.partner;
    expect((await acme.submit("A")).status).toBe(202);
    await acme.arm([{ fault: "connection.refused" }]);
    expect(await knock(port)).toBe("ECONNREFUSED");
    expect(await errorCodeOf(acme.submit("B"))).toBe("ECONNREFUSED");
    await acme.partner.heal();
    expect((await acme.submit("B")).status).toBe(202);
    expect(acme.partner.port).toBe(port);
  });

  it("ends with its window, without heal", async () => {
    await using acme = await startTestPartner();
    const plan = await acme.arm([{ fault: "connection.refused", during: "0s..800ms" }]);
    expect(await knock(acme.partner.port)).toBe("ECONNREFUSED");
    expect(plan.isOver()).toBe(false);
    expect(
      await until(async () => (await knock(acme.partner.port)) === "connected", { withinMs: 5_000 }),
    ).toBe(true);
    expect(plan.isOver()).toBe(true);
    expect(plan.lastWindowEndMs).toBe(800);
  });

  it("comes and goes when it flaps", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "connection.refused", during: { every: "400ms", for: "200ms" } }]);
    const becomes = (state: string) =>
      until(async () => (await knock(acme.partner.port)) === state, { withinMs: 5_000, everyMs: 10 });
    for (const state of ["ECONNREFUSED", "connected", "ECONNREFUSED", "connected"]) {
      expect(await becomes(state)).toBe(true);
    }
  });

  it("fires for every transaction that is started in its window, and for no other", async () => {
    await using acme = await startTestPartner();
    const plan = await acme.arm([{ fault: "connection.refused" }]);
    plan.startedWhileRefused("A");
    plan.startedWhileRefused("A");
    plan.startedWhileRefused("B");
    await acme.partner.heal();
    plan.startedWhileRefused("C");
    expect(acme.events("fault.fired").map(({ key, point, attempt }) => [key, point, attempt])).toEqual([
      ["A", "connection", 1],
      ["B", "connection", 1],
    ]);
  });

  it("cuts what is under way and records that the partner did it", async () => {
    await using acme = await startTestPartner();
    await acme.arm([
      { fault: "submit.slow", delay: "30s" },
      { fault: "connection.refused", during: "200ms..10s" },
    ]);
    expect(await errorCodeOf(acme.submit("A"))).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
    expect(await acme.event("submit.aborted")).toMatchObject({ key: "A", by: "partner", effect: "accepted" });
  });
});

describe("connection.reset", () => {
  it("cuts the connection with a RST once the request was read, and accepts nothing", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "connection.reset", attempts: 1 }]);
    expect(await errorCodeOf(acme.submit("A"))).toBe("ECONNRESET");
    expect(knows(acme, "A")).toBe(false);
    expect(acme.events("fault.fired")).toMatchObject([
      { key: "A", point: "connection", attempt: 1, fault: 0 },
    ]);
    expect(acme.events("submit.aborted")).toMatchObject([
      { key: "A", attempt: 1, by: "partner", effect: "none", faults: [0] },
    ]);
    expect((await acme.submit("A")).status).toBe(202);
    expect(acme.events("submit.received").map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("on accept hits everyone, before anything is read", async () => {
    await using acme = await startTestPartner();
    expect((await acme.submit("A")).status).toBe(202);
    const plan = await acme.arm([{ fault: "connection.reset", when: "accept" }]);
    plan.startedWhileRefused("B");
    expect(await errorCodeOf(acme.submit("B"))).toMatch(/ECONNRESET|UND_ERR_SOCKET|EPIPE/);
    expect(acme.events("fault.fired")).toMatchObject([{ key: "B" }]);
    await acme.partner.heal();
    expect((await acme.submit("B")).status).toBe(202);
  });
});

it.each([{ fault: "connection.refused" }, { fault: "connection.reset", when: "accept" }])(
  "%j also cuts connections that are open and idle, as nobody would meet it over those",
  async (fault) => {
    await using acme = await startTestPartner();
    const socket = connect(acme.partner.port, "127.0.0.1");
    socket.on("error", () => undefined);
    let isClosed = false;
    socket.on("close", () => {
      isClosed = true;
    });
    await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
    socket.write("GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n");
    await new Promise<void>((resolve) => socket.once("data", () => resolve()));
    expect(isClosed).toBe(false);
    await acme.arm([fault]);
    expect(await until(() => isClosed, { withinMs: 5_000 })).toBe(true);
  },
);

describe("connection.hangs", () => {
  it("reads the request, never answers, and holds it beyond heal until the client leaves", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "connection.hangs" }]);
    const waiting = errorCodeOf(acme.submit("A", { timeoutMs: 1_500 }));
    await acme.event("submit.received");
    await acme.partner.heal();
    expect((await acme.submit("B")).status).toBe(202);
    expect(acme.partner.isQuiet()).toBe(false);
    expect(await waiting).toBe("TimeoutError");
    expect(await acme.event("submit.aborted")).toMatchObject({
      key: "A",
      by: "client",
      effect: "none",
      faults: [0],
    });
    expect(knows(acme, "A")).toBe(false);
    expect(acme.events("submit.replied").map(({ key }) => key)).toEqual(["B"]);
  });

  it("holds status requests of the same transactions too", async () => {
    await using acme = await startTestPartner();
    const { json } = await acme.submit("A");
    await acme.arm([{ fault: "connection.hangs" }]);
    const asked = errorCodeOf(acme.status(String(json.id)));
    await acme.event("status.asked");
    expect(acme.events("fault.fired")).toMatchObject([{ key: "A", attempt: 2 }]);
    await acme.partner.close();
    expect(await asked).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
    expect(acme.events("status.replied")).toEqual([]);
    expect(acme.events("status.aborted")).toMatchObject([
      { key: "A", submission: json.id, by: "partner", faults: [0] },
    ]);
  });

  it("tells who gave up waiting for a status", async () => {
    await using acme = await startTestPartner();
    const { json } = await acme.submit("A");
    await acme.arm([{ fault: "connection.hangs" }]);
    const url = `${acme.partner.url}/v1/claims/${String(json.id)}`;
    const asked = fetch(url, {
      headers: { authorization: `Bearer ${acme.partner.token}` },
      signal: AbortSignal.timeout(300),
    });
    await expect(asked).rejects.toThrow("aborted due to timeout");
    const aborted = await acme.event("status.aborted");
    expect(aborted).toMatchObject({ key: "A", submission: json.id, by: "client", faults: [0] });
    expect(aborted.request).toBe(acme.events("status.asked")[0]?.request);
  });
});
