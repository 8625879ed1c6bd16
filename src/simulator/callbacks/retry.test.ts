import { describe, expect, it } from "vitest";
import { LONGEST_RETRY_AFTER_MS, parseRetryAfter } from "./retry-after.ts";
import { startReporting, submissionTo } from "./tests-support/reporting.ts";
import { type SinkAnswer, startSink } from "./tests-support/sink.ts";

/** Gaps between arrivals, in milliseconds. */
const gaps = (received: { at: number }[]) =>
  received.slice(1).map(({ at }, i) => at - (received[i]?.at ?? 0));

it("retries after the contract's waits with the same event id and a fresh timestamp, until it is acknowledged", async () => {
  await using sink = await startSink((_, nth) => ({ status: nth < 3 ? 503 : 200 }));
  await using partner = startReporting({ callback: { retry: [1_100, 200, 200] } });
  partner.callbacks.report(submissionTo(sink.url));
  expect(await partner.settles()).toBe(true);

  expect(sink.received).toHaveLength(3);
  const [first = 0, second = 0] = gaps(sink.received);
  expect(first).toBeGreaterThanOrEqual(1_095);
  expect(first).toBeLessThan(4_000);
  expect(second).toBeGreaterThanOrEqual(195);
  expect(second).toBeLessThan(first);
  const headers = sink.received.map((met) => met.headers);
  expect(new Set(headers.map((met) => met["webhook-id"])).size).toBe(1);
  expect(Number(headers[1]?.["webhook-timestamp"])).toBeGreaterThan(
    Number(headers[0]?.["webhook-timestamp"]),
  );
  expect(sink.received.map(({ body }) => JSON.parse(body.toString()).attempt)).toEqual([1, 2, 3]);
  expect(partner.events("callback.refused").map(({ attempt, status }) => [attempt, status])).toEqual([
    [1, 503],
    [2, 503],
  ]);
  expect(partner.events("callback.acked")).toMatchObject([{ attempt: 3, status: 200 }]);
});

it("keeps the whole schedule, on the history's times as on the receiver's", async () => {
  const retry = [150, 300, 600];
  await using sink = await startSink(() => ({ status: 500 }));
  await using partner = startReporting({ callback: { retry } });
  partner.callbacks.report(submissionTo(sink.url));
  expect(await partner.settles()).toBe(true);
  const sent = partner.events("callback.sent").map(({ t }) => ({ at: t }));
  const refused = partner.events("callback.refused").map(({ t }) => t);
  expect(sent).toHaveLength(retry.length + 1);
  for (const [i, waitMs] of retry.entries()) {
    // Counted from the answer; the schedule is never cut short.
    expect((sent[i + 1]?.at ?? 0) - (refused[i] ?? 0)).toBeGreaterThanOrEqual(waitMs - 1);
    expect((sent[i + 1]?.at ?? 0) - (refused[i] ?? 0)).toBeLessThan(waitMs + 2_000);
    expect(gaps(sink.received)[i]).toBeGreaterThanOrEqual(waitMs - 5);
  }
});

it("gives up when the retries are used up, and says so", async () => {
  await using sink = await startSink(() => ({ status: 500 }));
  await using partner = startReporting({ callback: { retry: [10, 10] } });
  partner.callbacks.report(submissionTo(sink.url));
  await partner.settles();
  expect(sink.received).toHaveLength(3);
  expect(partner.events("callback.withheld")).toMatchObject([{ reason: "given up after 3 attempts" }]);
});

it.each<[string, SinkAnswer, object]>([
  [
    "a redirect",
    { status: 302, headers: { location: "/elsewhere" } },
    { kind: "callback.refused", status: 302 },
  ],
  ["a client error", { status: 400 }, { kind: "callback.refused", status: 400 }],
  ["a reset", "reset", { kind: "callback.unanswered", reason: expect.stringMatching(/^the connection was/) }],
  ["silence", "hang", { kind: "callback.unanswered", reason: "no answer within 300 ms" }],
])("takes %s for a failure and records it", async (_, first, expected) => {
  await using sink = await startSink((_request, nth) => (nth === 1 ? first : { status: 200 }));
  await using partner = startReporting({ callback: { retry: [10], timeout: 300 } });
  partner.callbacks.report(submissionTo(sink.url));
  expect(await partner.settles()).toBe(true);
  const answers = partner.history.events.filter(({ kind }) => /refused|unanswered|acked/.test(kind));
  expect(answers).toMatchObject([
    { ...expected, attempt: 1 },
    { kind: "callback.acked", attempt: 2 },
  ]);
  expect(sink.received.map(({ path }) => path)).toEqual(["/hook", "/hook"]);
});

it("records a try at which nothing listens, and tries again", async () => {
  let url: string;
  {
    await using gone = await startSink();
    url = gone.url;
  }
  await using partner = startReporting({ callback: { retry: [10] } });
  partner.callbacks.report(submissionTo(url));
  expect(await partner.settles()).toBe(true);
  expect(partner.events("callback.sent").map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(partner.events("callback.unanswered").map(({ reason }) => reason)).toEqual(
    Array(2).fill("connection refused: nothing listens there"),
  );
});

it("believes the status of an answer whose body never ends, and does not read it for ever", async () => {
  await using sink = await startSink(() => ({ status: 200, body: "x".repeat(2_000_000) }));
  await using partner = startReporting();
  partner.callbacks.report(submissionTo(sink.url));
  expect(await partner.settles()).toBe(true);
  expect(partner.events("callback.acked")).toHaveLength(1);
});

describe("Retry-After", () => {
  it("is honoured when it is longer than the contract's wait", async () => {
    await using sink = await startSink((_, nth) =>
      nth === 1 ? { status: 429, headers: { "retry-after": "1" } } : { status: 200 },
    );
    await using partner = startReporting({ callback: { retry: [20] } });
    partner.callbacks.report(submissionTo(sink.url));
    expect(await partner.settles()).toBe(true);
    expect(gaps(sink.received)[0]).toBeGreaterThanOrEqual(995);
    expect(partner.events("callback.refused")).toMatchObject([{ status: 429, retryAfterMs: 1_000 }]);
  });

  it("is honoured as an HTTP date too", async () => {
    let askedFor = 0;
    await using sink = await startSink((_, nth) => {
      if (nth > 1) return { status: 200 };
      askedFor = Math.ceil(Date.now() / 1_000) * 1_000 + 1_000;
      return { status: 503, headers: { "retry-after": new Date(askedFor).toUTCString() } };
    });
    await using partner = startReporting({ callback: { retry: [20] } });
    const offset = Date.now() - performance.now();
    partner.callbacks.report(submissionTo(sink.url));
    expect(await partner.settles()).toBe(true);
    // The wall clock may be corrected meanwhile; a correction is smaller than this.
    expect((sink.received[1]?.at ?? 0) + offset).toBeGreaterThanOrEqual(askedFor - 20);
    const [refused] = partner.events("callback.refused");
    expect(refused?.retryAfterMs).toBeGreaterThan(0);
    expect(refused?.retryAfterMs).toBeLessThanOrEqual(2_000);
  });

  it("does not shorten the contract's wait", async () => {
    await using sink = await startSink((_, nth) =>
      nth === 1 ? { status: 503, headers: { "retry-after": "0" } } : { status: 200 },
    );
    await using partner = startReporting({ callback: { retry: [400] } });
    partner.callbacks.report(submissionTo(sink.url));
    expect(await partner.settles()).toBe(true);
    expect(gaps(sink.received)[0]).toBeGreaterThanOrEqual(395);
  });

  const now = Date.parse("2026-01-05T10:00:00Z");
  it.each([
    ["120", 120_000],
    ["0", 0],
    [" 5 ", 5_000],
    ["Mon, 05 Jan 2026 10:00:30 GMT", 30_000],
    ["Mon, 05 Jan 2026 09:00:00 GMT", 0],
    ["999999999", LONGEST_RETRY_AFTER_MS],
    ["1.5", undefined],
    ["-1", undefined],
    ["soon", undefined],
    ["2026-01-05", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%j means %s ms", (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });
});

it("switches an endpoint off that answers 410: no retry, and later reports to it are withheld", async () => {
  await using sink = await startSink(({ path }) => ({ status: path === "/gone" ? 410 : 200 }));
  await using partner = startReporting({ callback: { retry: [10, 10] } });
  const goneUrl = sink.url.replace("/hook", "/gone");
  partner.callbacks.report(submissionTo(goneUrl));
  await partner.settles();
  partner.callbacks.report(submissionTo(goneUrl, { id: "sub_2", key: "CLM-2", ordinal: 2 }));
  partner.callbacks.report(submissionTo(sink.url, { id: "sub_3", key: "CLM-3", ordinal: 3 }));
  await partner.settles();
  expect(sink.received.map(({ path }) => path)).toEqual(["/gone", "/hook"]);
  expect(partner.events("callback.withheld")).toMatchObject([
    { key: "CLM-1", reason: expect.stringContaining("410") },
    { key: "CLM-2", reason: expect.stringContaining("410") },
  ]);
});
