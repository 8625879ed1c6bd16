import { describe, expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import { startSink } from "../callbacks/tests-support/sink.ts";
import { CONTRACT, startTestPartner } from "../tests-support/partner.ts";
import { faultNamed } from "./catalogue.ts";

const NO_KEYS = { ...CONTRACT, submit: { ...CONTRACT.submit, idempotency: "none" } };

describe("processing.stuck", () => {
  it("says processing for ever, even after heal, and counts as quiet because nothing will happen", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "processing.stuck" }]);
    const { json } = await acme.submit("A");
    await acme.partner.heal();
    await acme.submit("B");
    await acme.event("submission.processed");
    expect(acme.events("submission.processed").map(({ key }) => key)).toEqual(["B"]);
    expect((await acme.status(String(json.id))).json).toMatchObject({ status: "processing", outcome: null });
    expect(acme.events("fault.fired")).toMatchObject([{ key: "A", point: "processing" }]);
    expect(acme.partner.isQuiet()).toBe(true);
  });

  it("clears by itself after a time", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "processing.stuck", clears: "after 500ms" }]);
    await acme.submit("A");
    const accepted = await acme.event("submission.accepted");
    const processed = await acme.event("submission.processed");
    expect(processed).toMatchObject({ state: "settled", faults: [0] });
    expect(processed.t - accepted.t).toBeGreaterThanOrEqual(495);
  });

  it("clears when the same is submitted again under the same key, without a second submission", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "processing.stuck", clears: "on-resubmit" }]);
    await acme.submit("A");
    expect((await acme.submit("A")).headers["idempotent-replayed"]).toBe("true");
    expect(await acme.event("submission.processed")).toMatchObject({ key: "A", state: "settled" });
    expect(acme.partner.ledger.byKey("A")).toHaveLength(1);
  });

  it("processes the second submission of a partner that keeps no keys", async () => {
    await using acme = await startTestPartner(NO_KEYS);
    await acme.arm([{ fault: "processing.stuck", clears: "on-resubmit" }]);
    const first = await acme.submit("A");
    const second = await acme.submit("A");
    expect(await acme.event("submission.processed")).toMatchObject({ submission: second.json.id });
    expect(second.json.id).not.toBe(first.json.id);
  });
});

describe("processing.lost", () => {
  it("forgets the submission: the status is 404 and nothing is reported", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "processing.lost" }]);
    const { json } = await acme.submit("A");
    expect(await acme.event("submission.lost")).toMatchObject({ key: "A", submission: json.id, faults: [0] });
    expect((await acme.status(String(json.id))).status).toBe(404);
    expect(await acme.event("status.replied")).toMatchObject({ key: "A", status: 404 });
    expect(acme.partner.ledger.byKey("A")).toMatchObject([{ state: "lost", outcome: null }]);
    expect(acme.events("submission.processed")).toEqual([]);
  });
});

describe("processing.slow", () => {
  it.each([
    [{ fault: "processing.slow", takes: "450ms" }, 445],
    [{ fault: "processing.slow" }, 495],
  ])("decides the same, later: %j", async (fault, atLeastMs) => {
    await using acme = await startTestPartner();
    await acme.arm([fault]);
    await acme.submit("A");
    const accepted = await acme.event("submission.accepted");
    const processed = await acme.event("submission.processed");
    expect(processed.t - accepted.t).toBeGreaterThanOrEqual(atLeastMs);
    expect(processed).toMatchObject({ state: "settled", faults: [0] });
  });
});

describe("processing.rejected", () => {
  it("refuses what it had accepted, with a reason, and fires at that moment", async () => {
    await using acme = await startTestPartner({
      ...CONTRACT,
      status: {
        get: "/v1/claims/:id",
        reply: { json: { state: "{{ submission.state }}", why: "{{ submission.reason }}" } },
      },
    });
    await acme.arm([{ fault: "processing.rejected", reason: "no such patient" }]);
    const { json } = await acme.submit("A");
    expect(acme.events("fault.fired")).toEqual([]);
    const processed = await acme.event("submission.processed");
    expect(processed).toMatchObject({ state: "rejected", outcome: "rejected", reason: "no such patient" });
    expect((await acme.status(String(json.id))).json).toEqual({ state: "rejected", why: "no such patient" });
    const [fired] = acme.events("fault.fired");
    expect(fired?.seq).toBe(processed.seq - 1);
  });

  it("still rejects after heal what it had begun to reject before", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "processing.rejected" }]);
    await acme.submit("A");
    await acme.partner.heal();
    expect(await acme.event("submission.processed")).toMatchObject({ state: "rejected" });
    expect(acme.events("fault.fired")).toHaveLength(1);
    expect(await until(() => acme.partner.isQuiet(), { withinMs: 5_000 })).toBe(true);
  });
});

describe("processing.partial", () => {
  it("processes a share, spread evenly, and leaves the rest in process for ever", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "processing.partial", share: "50%" }], 6);
    for (const key of ["A", "B", "C", "D", "E", "F"]) await acme.submit(key);
    await acme.event("submission.processed", 3);
    expect(await until(() => acme.partner.isQuiet(), { withinMs: 5_000 })).toBe(true);
    const stuck = [...acme.partner.ledger.all()].filter(({ state }) => state === "processing");
    expect(stuck.map(({ key }) => key)).toEqual(["B", "D", "F"]);
    // Only what is left out has met the fault.
    expect(acme.events("fault.fired").map(({ key }) => key)).toEqual(["B", "D", "F"]);
    const [first] = stuck;
    expect((await acme.status(first?.id ?? "")).json).toMatchObject({ status: "processing", outcome: null });
  });

  it("takes a share below everything", () => {
    const share = (text: string) =>
      faultNamed("processing.partial").settings.safeParse({ share: text }).success;
    expect(["0%", "12.5%", "99%"].map(share)).toEqual([true, true, true]);
    expect(["100%", "0.5", "-1%"].map(share)).toEqual([false, false, false]);
  });
});

describe("processing.wrong", () => {
  it("decides, reports, and decides anew: ledger, status and a second report tell the other outcome", async () => {
    await using sink = await startSink();
    await using acme = await startTestPartner({
      ...CONTRACT,
      callback: { to: sink.url, json: { id: "{{ delivery.id }}", outcome: "{{ submission.outcome }}" } },
    });
    await acme.arm([{ fault: "processing.wrong", after: "400ms" }]);
    const { json } = await acme.submit("A");
    await acme.event("callback.acked");
    expect((await acme.status(String(json.id))).json).toMatchObject({
      status: "settled",
      outcome: "approved",
    });
    expect(acme.events("fault.fired")).toEqual([]);
    // A correction that is on its way keeps the partner from being quiet, and comes even after heal.
    expect(acme.partner.isQuiet()).toBe(false);
    await acme.partner.heal();
    await acme.event("callback.acked", 2);
    const [first, second] = acme.events("submission.processed");
    expect([first?.outcome, second?.outcome]).toEqual(["approved", "denied"]);
    expect((second?.t ?? 0) - (first?.t ?? 0)).toBeGreaterThanOrEqual(395);
    expect([first?.faults, second?.faults]).toEqual([undefined, [0]]);
    expect((await acme.status(String(json.id))).json).toMatchObject({ status: "settled", outcome: "denied" });
    const told = sink.received.map(({ body }) => JSON.parse(body.toString()));
    expect(told.map(({ outcome }) => outcome)).toEqual(["approved", "denied"]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
    expect(acme.events("callback.sent").map(({ content, signature }) => [content, signature])).toEqual([
      ["genuine", "valid"],
      ["genuine", "valid"],
    ]);
    expect(acme.events("fault.fired")).toMatchObject([{ key: "A", point: "processing" }]);
    expect(await until(() => acme.partner.isQuiet(), { withinMs: 5_000 })).toBe(true);
  });
});
