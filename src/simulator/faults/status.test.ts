import { describe, expect, it } from "vitest";
import { startTestPartner } from "../tests-support/partner.ts";

async function settled(acme: Awaited<ReturnType<typeof startTestPartner>>): Promise<string> {
  const { json } = await acme.submit("A");
  await acme.event("submission.processed");
  return String(json.id);
}

describe("status.unavailable", () => {
  it("answers with the error of your choice, while submissions go on", async () => {
    await using acme = await startTestPartner();
    const id = await settled(acme);
    await acme.arm([{ fault: "status.unavailable", status: 500 }]);
    const reply = await acme.status(id);
    expect(reply.json).toMatchObject({ status: 500 });
    expect(acme.events("status.replied")).toMatchObject([{ status: 500, faults: [0], attempt: 1 }]);
    expect(acme.events("status.replied")[0]).not.toHaveProperty("outcome");
    expect((await acme.submit("B")).status).toBe(202);
    await acme.partner.heal();
    expect((await acme.status(id)).json).toMatchObject({ status: "settled" });
  });
});

describe("status.stale", () => {
  it("still says processing although it is decided, and the history knows what was told", async () => {
    await using acme = await startTestPartner();
    const id = await settled(acme);
    await acme.arm([{ fault: "status.stale" }]);
    expect((await acme.status(id)).json).toEqual({ id, status: "processing", outcome: null });
    expect(acme.events("status.replied")).toMatchObject([
      { state: "processing", outcome: null, faults: [0] },
    ]);
    expect(acme.events("fault.fired")).toMatchObject([{ point: "status", key: "A", attempt: 1 }]);
    expect(acme.partner.ledger.byId(id)).toMatchObject({ state: "settled" });
  });

  it("does not fire while processing is the truth", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "processing.stuck" }, { fault: "status.stale" }]);
    const { json } = await acme.submit("A");
    expect((await acme.status(String(json.id))).json).toMatchObject({ status: "processing" });
    expect(acme.events("fault.fired").map(({ fault }) => fault)).toEqual([0]);
  });
});

describe("status.unknown", () => {
  it("answers 404 for what was accepted, on the chosen polls", async () => {
    await using acme = await startTestPartner();
    const id = await settled(acme);
    await acme.arm([{ fault: "status.unknown", attempts: "1..2" }]);
    const statuses: number[] = [];
    for (let poll = 1; poll <= 3; poll++) statuses.push((await acme.status(id)).status);
    expect(statuses).toEqual([404, 404, 200]);
    expect(acme.events("fault.fired").map(({ attempt }) => attempt)).toEqual([1, 2]);
  });
});

describe("status.slow", () => {
  it("tells who gave up waiting for the answer", async () => {
    await using acme = await startTestPartner();
    const id = await settled(acme);
    await acme.arm([{ fault: "status.slow", delay: "30s" }]);
    const asked = fetch(`${acme.partner.url}/v1/claims/${id}`, {
      headers: { authorization: `Bearer ${acme.partner.token}` },
      signal: AbortSignal.timeout(300),
    });
    await expect(asked).rejects.toThrow("aborted due to timeout");
    expect(await acme.event("status.aborted")).toMatchObject({
      key: "A",
      submission: id,
      by: "client",
      faults: [0],
    });
    expect(acme.events("status.replied")).toEqual([]);
  });
});
