import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import { checkTarget } from "./target.ts";
import { startReporting, submissionTo } from "./tests-support/reporting.ts";
import { startSink } from "./tests-support/sink.ts";

describe("an honest report", () => {
  it("reaches the address in the submission, signed over the exact bytes, and is acknowledged", async () => {
    await using sink = await startSink();
    await using partner = startReporting();
    partner.callbacks.report(submissionTo(sink.url));
    expect(partner.callbacks.isQuiet()).toBe(false);
    expect(await partner.settles()).toBe(true);

    expect(sink.received).toHaveLength(1);
    const [met] = sink.received;
    expect(met).toMatchObject({ method: "POST", path: "/hook" });
    expect(met?.headers["content-type"]).toBe("application/json");
    const payload = new Webhook(partner.secret).verify(
      met?.body ?? "",
      met?.headers as Record<string, string>,
    );
    expect(payload).toEqual({
      id: met?.headers["webhook-id"],
      reference: "CLM-1",
      outcome: "approved",
      attempt: 1,
      settledAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });

    const [scheduled] = partner.events("callback.scheduled");
    const [sent] = partner.events("callback.sent");
    expect(sent).toMatchObject({
      key: "CLM-1",
      submission: "sub_1",
      attempt: 1,
      claims: "approved",
      signature: "valid",
      content: "genuine",
      url: sink.url,
      body: met?.body.toString(),
    });
    expect(sent).not.toHaveProperty("faults");
    expect(scheduled).toMatchObject({ delivery: sent?.delivery, event: met?.headers["webhook-id"] });
    expect(partner.events("callback.acked")).toMatchObject([
      { delivery: sent?.delivery, attempt: 1, status: 204 },
    ]);
  });

  it("keeps at most four kibibytes of the body in the history, and sends all of it", async () => {
    await using sink = await startSink();
    await using partner = startReporting({ callback: { json: { text: "x".repeat(100_000) } } });
    partner.callbacks.report(submissionTo(sink.url));
    await partner.settles();
    expect(sink.received[0]?.body.length).toBeGreaterThan(100_000);
    expect(partner.events("callback.sent")[0]?.body).toHaveLength(4_096);
  });

  it("has the same event id for the same seed and submission, and carries the contract's own headers", async () => {
    await using sink = await startSink();
    const headers = { "X-Partner": "{{ submission.id }}" };
    for (let run = 0; run < 2; run++) {
      await using partner = startReporting({ callback: { headers } });
      partner.callbacks.report(submissionTo(sink.url));
      await partner.settles();
    }
    const [first, second] = sink.received;
    expect(first?.headers["webhook-id"]).toBe(second?.headers["webhook-id"]);
    expect(first?.headers["x-partner"]).toBe("sub_1");
  });

  it("says rejected for a submission that was refused after acceptance", async () => {
    await using sink = await startSink();
    await using partner = startReporting();
    partner.callbacks.report(submissionTo(sink.url, { outcome: null }));
    await partner.settles();
    expect(JSON.parse(String(sink.received[0]?.body))).toMatchObject({ outcome: "rejected" });
  });

  it("is sent again by hand under the same event id", async () => {
    await using sink = await startSink();
    await using partner = startReporting();
    partner.callbacks.report(submissionTo(sink.url));
    await partner.settles();
    partner.callbacks.redeliver(submissionTo(sink.url));
    await partner.settles();
    expect(new Set(sink.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(sink.received).toHaveLength(2);
  });

  it("is never made by a partner whose contract has no callback", async () => {
    const { createCallbacks } = await import("./callbacks.ts");
    const { history } = startReporting();
    const callbacks = createCallbacks({
      callback: undefined,
      clock: { now: () => 0, originMs: 0 },
      history,
      seed: "s",
      secret: "",
      plan: () => undefined,
    });
    callbacks.report(submissionTo("http://127.0.0.1:1/"));
    expect(callbacks.isQuiet()).toBe(true);
    expect(history.events).toEqual([]);
  });
});

describe("the address", () => {
  it.each([
    ["a fixed one", (url: string) => url],
    ["a text with names", (url: string) => url.replace(/^.*\/hook/, "{{ system.url }}/hook")],
    ["an expression", () => "body.nested[0].url"],
  ])("may be %s", async (_, to) => {
    await using sink = await startSink();
    const names = () => ({ system: { url: new URL(sink.url).origin } });
    await using partner = startReporting({ callback: { to: to(sink.url) }, names });
    partner.callbacks.report(submissionTo("", { body: { nested: [{ url: sink.url }] } }));
    await partner.settles();
    expect(sink.received).toHaveLength(1);
  });

  it.each([
    ["nothing", undefined, /names no address/],
    ["no URL", "claims@example.org", /no absolute URL/],
    ["another scheme", "file:///etc/passwd", /http and https only/],
    ["credentials", "http://user:secret@127.0.0.1:9/", /credentials/],
    ["another host", "http://169.254.169.254/latest/meta-data", /neither loopback/],
    ["a host that only looks like loopback", "http://127.0.0.1.example.org/", /neither loopback/],
    ["a wildcard address", "http://0.0.0.0:9/", /neither loopback/],
    ["an object", { a: 1 }, /no absolute URL/],
  ])("%s is withheld with the reason", async (_, callbackUrl, reason) => {
    await using partner = startReporting();
    partner.callbacks.report(submissionTo(callbackUrl));
    await partner.settles();
    expect(partner.history.events).toMatchObject([
      { kind: "callback.withheld", key: "CLM-1", submission: "sub_1", reason: expect.stringMatching(reason) },
    ]);
    expect(partner.events("callback.withheld")[0]?.reason).not.toContain("secret");
  });

  it("may be any host that was allowed, and loopback in every spelling", () => {
    const allowed = ["hooks.internal", "fd00::1"];
    const isAllowed = (url: string) => checkTarget(url, allowed).ok;
    expect(
      ["http://hooks.internal:8080/x", "https://HOOKS.internal/", "http://[fd00::1]/"].every(isAllowed),
    ).toBe(true);
    expect(
      ["http://localhost/", "http://[::1]:1/", "http://127.9.9.9/", "http://2130706433/"].every(isAllowed),
    ).toBe(true);
    expect(["http://internal/", "http://hooks.internal.evil/", "http://[::2]/"].some(isAllowed)).toBe(false);
  });

  it("that needs an unknown name is withheld, and so is a payload that does", async () => {
    await using sink = await startSink();
    await using partner = startReporting({ callback: { json: { who: "{{ body.patient.name }}" } } });
    partner.callbacks.report(submissionTo(sink.url));
    await partner.settles();
    expect(partner.events("callback.withheld")).toMatchObject([
      { delivery: expect.any(String), reason: expect.stringContaining("body.patient.name") },
    ]);
    expect(sink.received).toEqual([]);
  });
});

it("delivers every one of a burst that is larger than all connections together", async () => {
  await using sink = await startSink(() => ({ status: 200, afterMs: 10 }));
  await using partner = startReporting();
  const count = 1_500;
  for (let i = 1; i <= count; i++) {
    partner.callbacks.report(submissionTo(sink.url, { id: `sub_${i}`, key: `CLM-${i}`, ordinal: i }));
  }
  expect(await partner.settles()).toBe(true);
  expect(new Set(sink.received.map(({ body }) => JSON.parse(body.toString()).reference)).size).toBe(count);
  expect(partner.events("callback.acked")).toHaveLength(count);
  expect(new Set(sink.received.map(({ connection }) => connection)).size).toBeGreaterThanOrEqual(128);
});

describe("closing", () => {
  it("cuts what is under way, forgets what is due, and is over at once", async () => {
    await using sink = await startSink(() => "hang");
    await using partner = startReporting({ callback: { retry: [60_000] } });
    partner.callbacks.report(submissionTo(sink.url));
    await until(() => sink.received.length === 1, { withinMs: 5_000 });
    await partner.callbacks.close();
    expect(partner.callbacks.isQuiet()).toBe(true);
    expect(partner.events("callback.unanswered")).toMatchObject([{ reason: "the partner was closed" }]);
    partner.callbacks.report(submissionTo(sink.url));
    expect(partner.callbacks.isQuiet()).toBe(true);
  });
});
