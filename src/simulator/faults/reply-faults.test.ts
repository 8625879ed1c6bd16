// Faults that change how a reply looks or how it comes, met on a bare socket.
import { describe, expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import { bareClient, type Seen, submission } from "../tests-support/bare-client.ts";
import { errorCodeOf, startTestPartner, type TestPartner } from "../tests-support/partner.ts";

const isClosed = (seen: Seen) => until(() => seen.closed, { withinMs: 10_000, everyMs: 5 });
const bodyOf = ({ text }: Seen) => text.slice(text.indexOf("\r\n\r\n") + 4);
const lengthOf = ({ text }: Seen) => Number(/content-length: (\d+)/i.exec(text)?.[1]);

async function bare(acme: TestPartner, reference = "A"): Promise<Seen> {
  const seen = bareClient(acme.partner.port);
  seen.socket.write(submission(reference));
  await until(() => seen.closed || bodyOf(seen).length >= (lengthOf(seen) || Number.POSITIVE_INFINITY), {
    withinMs: 10_000,
    everyMs: 5,
  });
  return seen;
}

describe("submit.drips", () => {
  it("sends the body a few bytes at a time, over as long as that takes", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.drips", bytesPerSecond: 100 }]);
    const began = performance.now();
    const seen = await bare(acme);
    expect(performance.now() - began).toBeGreaterThanOrEqual((lengthOf(seen) - 4) * 10);
    expect(seen.chunks).toBeGreaterThan(5);
    expect(JSON.parse(bodyOf(seen))).toMatchObject({ status: "accepted" });
    expect(await acme.event("submit.replied")).toMatchObject({ effect: "accepted", faults: [0] });
    seen.socket.destroy();
  });
});

describe("submit.truncated", () => {
  it.each([
    [{}, 0.5],
    [{ keep: "10%" }, 0.1],
  ])("%j promises more than it sends and closes the connection; the ledger has it", async (more, share) => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.truncated", ...more }]);
    const seen = await bare(acme);
    expect(await isClosed(seen)).toBe(true);
    expect(seen.text).toMatch(/^HTTP\/1.1 202 /);
    expect(bodyOf(seen)).toHaveLength(Math.floor(lengthOf(seen) * share));
    expect(acme.partner.ledger.byKey("A")).toHaveLength(1);
    expect(acme.events("submit.aborted")).toMatchObject([{ by: "partner", effect: "accepted", faults: [0] }]);
  });

  it.each([0, 3])("keeps %d bytes when told so", async (keep) => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.truncated", keep, attempts: 1 }]);
    const seen = await bare(acme);
    expect(await isClosed(seen)).toBe(true);
    expect(seen.text).toMatch(/^HTTP\/1.1 202 /);
    expect(bodyOf(seen)).toBe('{"id'.slice(0, keep));
    expect((await acme.submit("A")).headers["idempotent-replayed"]).toBe("true");
  });

  it("is an error to a client that counts", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.truncated" }]);
    expect(await errorCodeOf(acme.submit("A"))).toBe("UND_ERR_SOCKET");
  });
});

describe("submit.malformed", () => {
  it("breaks the body of the reply, while the ledger has it", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.malformed", mutation: "field-missing", field: "id", attempts: 1 }]);
    const seen = await bare(acme);
    expect(seen.text).toMatch(/^HTTP\/1.1 202 /);
    expect(JSON.parse(bodyOf(seen))).toEqual({ status: "accepted" });
    expect(acme.partner.ledger.byKey("A")).toHaveLength(1);
    expect(acme.events("submit.replied")).toMatchObject([
      { status: 202, effect: "accepted", malformed: true, faults: [0] },
    ]);
    // The same key gets the good reply, which was remembered.
    expect((await acme.submit("A")).json).toMatchObject({ id: expect.stringMatching(/^sub_/) });
    seen.socket.destroy();
  });

  it("says in the header what the broken body claims to be", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.malformed", mutation: "html" }]);
    const reply = await acme.submit("A");
    expect(reply.headers["content-type"]).toMatch(/^text\/html/);
    expect(reply.text).toMatch(/^<!?/);
    expect(reply.headers["content-length"]).toBe(String(Buffer.byteLength(reply.text)));
  });

  it("deals different mutations to different transactions when none is named", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.malformed" }]);
    const replies = await Promise.all(["A", "B", "C", "D"].map((key) => acme.submit(key)));
    expect(new Set(replies.map(({ text }) => text.replaceAll(/sub_\w+/g, ""))).size).toBeGreaterThan(2);
  });

  it("leaves a refusal alone and does not fire", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.malformed", mutation: "html" }]);
    expect((await acme.submit("A", { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect(acme.events("fault.fired")).toEqual([]);
  });
});

describe("submit.rejected", () => {
  it("refuses a good request with problem details, and accepts nothing", async () => {
    await using acme = await startTestPartner();
    const problem = { status: 400, title: "Plan year closed", detail: "2025 is closed.", year: 2025 };
    await acme.arm([{ fault: "submit.rejected", problem }]);
    const seen = await bare(acme);
    expect(seen.text).toMatch(/^HTTP\/1.1 400 /);
    expect(seen.text).toMatch(/content-type: application\/problem\+json/i);
    expect(JSON.parse(bodyOf(seen))).toEqual({ type: "about:blank", ...problem });
    expect(acme.partner.ledger.size).toBe(0);
    expect(acme.events("submit.replied")).toMatchObject([{ status: 400, effect: "refused", faults: [0] }]);
    seen.socket.destroy();
  });

  it("says 422 by default", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.rejected" }]);
    expect((await acme.submit("A")).json).toMatchObject({ status: 422, title: "Unprocessable Entity" });
  });
});

describe("connection.slow", () => {
  it("delays every reply, refusals and statuses among them, and each by its own draw", async () => {
    await using acme = await startTestPartner();
    const { json } = await acme.submit("A");
    await acme.arm([{ fault: "connection.slow", delay: "300ms..500ms" }]);
    const took = async (call: () => Promise<unknown>) => {
      const began = performance.now();
      await call();
      return performance.now() - began;
    };
    const [good, refused, asked] = await Promise.all([
      took(() => acme.submit("B")),
      took(() => acme.submit("C", { headers: { authorization: "Bearer wrong" } })),
      took(() => acme.status(String(json.id))),
    ]);
    for (const ms of [good, refused, asked]) expect(ms).toBeGreaterThanOrEqual(295);
    expect(new Set([good, refused, asked].map((ms) => Math.round(ms / 3))).size).toBeGreaterThan(1);
    expect(acme.events("fault.fired").map(({ key, point }) => `${key} ${point}`)).toEqual(
      expect.arrayContaining(["A connection", "B connection", "C connection"]),
    );
    expect(acme.events("submit.replied").map(({ key, faults }) => [key, faults])).toEqual(
      expect.arrayContaining([
        ["A", undefined],
        ["B", [0]],
        ["C", [0]],
      ]),
    );
    expect(acme.events("status.replied")).toMatchObject([
      { faults: [0], state: expect.stringMatching(/processing|settled/) },
    ]);
  });
});

describe("status.slow", () => {
  it("answers late what was true when it was asked, while submissions go on", async () => {
    await using acme = await startTestPartner();
    await acme.arm([
      { fault: "processing.slow", takes: "250ms" },
      { fault: "status.slow", delay: "500ms" },
    ]);
    const { json } = await acme.submit("A");
    const began = performance.now();
    const asked = acme.status(String(json.id));
    expect((await acme.submit("B")).status).toBe(202);
    expect((await asked).json).toMatchObject({ status: "processing" });
    expect(performance.now() - began).toBeGreaterThanOrEqual(495);
    expect(acme.events("status.replied")).toMatchObject([{ state: "processing", faults: [1] }]);
  });
});

describe("status.contradicts", () => {
  it("states another outcome than the ledger's, and the history knows what was told", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "status.contradicts" }]);
    const { json } = await acme.submit("A");
    const { outcome: truth, submission: id } = await acme.event("submission.processed");
    const lie = truth === "approved" ? "denied" : "approved";
    expect((await acme.status(String(json.id))).json).toEqual({ id, status: "settled", outcome: lie });
    expect(acme.events("status.replied")).toMatchObject([{ outcome: lie, state: "settled", faults: [0] }]);
    expect(acme.partner.ledger.byId(id)).toMatchObject({ outcome: truth });
  });

  it("does not fire before there is an outcome to contradict", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "processing.stuck" }, { fault: "status.contradicts" }]);
    const { json } = await acme.submit("A");
    expect((await acme.status(String(json.id))).json).toMatchObject({ outcome: null });
    expect(acme.events("fault.fired").map(({ fault }) => fault)).toEqual([0]);
  });
});

describe("status.malformed", () => {
  it.each([
    ["unknown-enum", undefined],
    ["truncated", undefined],
    ["wrong-content-type", "settled"],
    ["extra-fields", "settled"],
  ])("%s: the history knows what can still be read in it", async (mutation, readable) => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "status.malformed", mutation }]);
    const { json } = await acme.submit("A");
    const { outcome } = await acme.event("submission.processed");
    const honest = JSON.stringify({ id: json.id, status: "settled", outcome });
    const reply = await acme.status(String(json.id));
    expect(reply.status).toBe(200);
    expect(reply.text === honest && reply.headers["content-type"] === "application/json").toBe(false);
    const told = await acme.event("status.replied");
    expect(told.outcome).toBe(readable ? outcome : undefined);
    expect(told.faults).toEqual([0]);
  });
});
