// How the partner treats the endpoint itself, met at a real receiver: held back, given up, switched off, mistaken.
import { describe, expect, it } from "vitest";
import { callbackDisabled } from "../faults/callback-disabled.ts";
import { callbackNotRetried } from "../faults/callback-not-retried.ts";
import { callbackStorm } from "../faults/callback-storm.ts";
import { callbackWrongEndpoint } from "../faults/callback-wrong-endpoint.ts";
import { startReporting, submissionTo } from "./tests-support/reporting.ts";
import { startSink } from "./tests-support/sink.ts";

const nth = (n: number) => ({ id: `sub_${n}`, key: `CLM-${n}`, ordinal: n });

describe("callback.storm", () => {
  it("holds every report back until one moment, whenever it was decided", async () => {
    await using sink = await startSink();
    await using partner = startReporting({ faults: [{ fault: callbackStorm, settings: { hold: "600ms" } }] });
    const armedAt = performance.now();
    for (let n = 1; n <= 5; n++) {
      partner.callbacks.report(submissionTo(sink.url, nth(n)));
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(sink.received).toEqual([]);
    expect(await partner.settles()).toBe(true);
    const times = sink.received.map(({ at }) => at);
    expect(times).toHaveLength(5);
    expect(Math.min(...times) - armedAt).toBeGreaterThanOrEqual(590);
    const due = partner.events("callback.scheduled").map(({ dueMs }) => dueMs);
    expect(Math.max(...due) - Math.min(...due)).toBeLessThanOrEqual(20);
    partner.callbacks.report(submissionTo(sink.url, nth(6)));
    await partner.settles();
    // The storm is over: later reports come at once, and the fault has no part in them.
    expect(partner.events("callback.sent").map(({ faults }) => faults)).toEqual([
      ...Array(5).fill([0]),
      undefined,
    ]);
    expect(partner.fired).toHaveLength(5);
  });
});

describe("callback.not-retried", () => {
  it.each(["hang", "reset", { status: 503 }] as const)(
    "gives up after one try that ends as %j",
    async (answer) => {
      await using sink = await startSink(() => answer);
      await using partner = startReporting({
        faults: [{ fault: callbackNotRetried }],
        callback: { retry: [10, 10], timeout: 300 },
      });
      partner.callbacks.report(submissionTo(sink.url));
      expect(await partner.settles()).toBe(true);
      expect(sink.received).toHaveLength(1);
      expect(partner.events("callback.withheld")).toMatchObject([
        { reason: "given up after 1 attempt", faults: [0] },
      ]);
      expect(partner.fired).toEqual([0]);
    },
  );

  it("does not fire where the report is taken, or where the contract never retries", async () => {
    await using sink = await startSink((_, count) => ({ status: count === 1 ? 200 : 500 }));
    await using taken = startReporting({ faults: [{ fault: callbackNotRetried }] });
    taken.callbacks.report(submissionTo(sink.url));
    await taken.settles();
    taken.callbacks.report(submissionTo(sink.url, nth(2)));
    await taken.settles();
    expect(taken.fired).toEqual([]);
    expect(sink.received).toHaveLength(2);
  });
});

describe("callback.disabled", () => {
  it("sends nothing more after so many failures, to nobody, and is on again after heal", async () => {
    await using sink = await startSink((_, count) => ({ status: count <= 2 ? 500 : 200 }));
    await using partner = startReporting({
      faults: [{ fault: callbackDisabled, settings: { after: 2 } }],
      callback: { retry: [30, 30] },
    });
    partner.callbacks.report(submissionTo(sink.url, nth(1)));
    await partner.settles();
    partner.callbacks.report(submissionTo(sink.url, nth(2)));
    await partner.settles();
    expect(sink.received).toHaveLength(2);
    expect(partner.events("callback.withheld")).toMatchObject([
      { key: "CLM-1", reason: expect.stringContaining("failed too often"), faults: [0] },
      { key: "CLM-2", reason: expect.stringContaining("switched"), faults: [0] },
    ]);
    expect(partner.fired).toEqual([0, 0]);
    partner.heal();
    partner.callbacks.report(submissionTo(sink.url, nth(3)));
    await partner.settles();
    expect(partner.events("callback.acked")).toMatchObject([{ key: "CLM-3" }]);
  });

  it("counts for the contract's endpoint, also what went astray, and spares other endpoints", async () => {
    await using sink = await startSink(() => ({ status: 404 }));
    await using partner = startReporting({
      faults: [{ fault: callbackWrongEndpoint }, { fault: callbackDisabled, settings: { after: 1 } }],
      callback: { retry: [10] },
    });
    partner.callbacks.report(submissionTo(sink.url));
    await partner.settles();
    partner.callbacks.report(submissionTo(sink.url));
    partner.callbacks.report(submissionTo(sink.url.replace("/hook", "/another"), nth(2)));
    await partner.settles();
    expect(partner.events("callback.sent").map(({ key }) => key)).toEqual(["CLM-1", "CLM-2"]);
  });
});

describe("callback.wrong-endpoint", () => {
  it.each([
    [{}, "POST", "/old/callbacks"],
    [{ path: "/v0/hook" }, "POST", "/v0/hook"],
    [{ method: "PUT" }, "PUT", "/hook"],
    [{ method: "GET", path: "/v0" }, "GET", "/v0"],
    [{ method: "DELETE" }, "DELETE", "/hook"],
  ])(
    "with %j it meets %s %s on the same server, signed, and tries again there",
    async (settings, method, path) => {
      await using sink = await startSink(() => ({ status: 404 }));
      await using partner = startReporting({
        faults: [{ fault: callbackWrongEndpoint, settings }],
        callback: { retry: [10] },
      });
      partner.callbacks.report(submissionTo(sink.url));
      expect(await partner.settles()).toBe(true);
      expect(sink.received.map((met) => [met.method, met.path])).toEqual([
        [method, path],
        [method, path],
      ]);
      expect(sink.received[0]?.headers["webhook-signature"]).toMatch(/^v1,/);
      expect(JSON.parse(String(sink.received[0]?.body))).toMatchObject({ reference: "CLM-1" });
      expect(partner.events("callback.sent")[0]).toMatchObject({
        url: new URL(path, sink.url).href,
        faults: [0],
        ...(method !== "POST" && { method }),
      });
    },
  );

  it("blind to the answer, it takes a redirect for success and never tries again", async () => {
    await using sink = await startSink(() => ({ status: 302, headers: { location: "/hook" } }));
    await using partner = startReporting({
      faults: [{ fault: callbackWrongEndpoint, settings: { believes: "anything" } }],
      callback: { retry: [10] },
    });
    partner.callbacks.report(submissionTo(sink.url));
    await partner.settles();
    expect(sink.received.map(({ path }) => path)).toEqual(["/old/callbacks"]);
    expect(partner.events("callback.refused")).toMatchObject([{ status: 302 }]);
  });

  it("never leaves the server whose address was checked", () => {
    const isAllowed = (path: string) => callbackWrongEndpoint.settings.safeParse({ path }).success;
    expect(["/a/b", "/%2Fx"].map(isAllowed)).toEqual([true, true]);
    expect(
      ["//evil.example/x", "/\\evil.example", "http://evil.example", "a", "/a b", "/a?b"].map(isAllowed),
    ).toEqual(Array(6).fill(false));
  });
});
