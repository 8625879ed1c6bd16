// Each fault's function by itself: plain value in, plain value out.
import { describe, expect, it } from "vitest";
import type { Submission } from "../ledger.ts";
import {
  accepts,
  connectionBreak,
  shapeProcessing,
  shapeStatusReply,
  shapeStatusView,
  shapeSubmitReply,
} from "../pipeline/shaping.ts";
import type { Processing, Reply } from "../pipeline-values.ts";
import type { ActiveFault } from "../plan/plan.ts";
import { type FaultName, faultNamed } from "./index.ts";

const HONEST: Reply = {
  status: 202,
  headers: { "content-type": "application/json" },
  body: '{"id":"sub_1"}',
  delayMs: 0,
  ending: "complete",
};
const PROCESSING: Processing = { takesMs: 200, ending: "decide", outcome: "approved" };
const SETTLED: Submission = {
  id: "sub_1",
  key: "A",
  ordinal: 1,
  state: "settled",
  stage: null,
  outcome: "approved",
  reason: null,
  acceptedAt: "2026-01-01T00:00:00.000Z",
  decidedAt: "2026-01-01T00:00:01.000Z",
  body: {},
};

function active(name: FaultName, settings: Record<string, unknown> = {}, attempt = 1): ActiveFault {
  const fault = faultNamed(name);
  return {
    index: 0,
    fault,
    settings: fault.settings.parse(settings),
    context: {
      key: "A",
      ordinal: 1,
      attempt,
      fault: 0,
      choose: () => 0.5,
      outcomes: ["approved", "denied"],
      promisesMs: 1_000,
      wallMs: Date.parse("2026-01-01T00:00:00.100Z"),
    },
  };
}

const submit = (name: FaultName, settings?: Record<string, unknown>) => {
  const use = active(name, settings);
  return { accepts: accepts([use]), reply: shapeSubmitReply(HONEST, [use]).value };
};

describe("faults of the submit reply", () => {
  it("submit.unavailable keeps the request away and rounds its date up", () => {
    const { accepts, reply } = submit("submit.unavailable", { retryAfter: "1500ms", retryAfterAs: "date" });
    expect(accepts).toBe(false);
    expect(reply).toMatchObject({ status: 503, headers: { "retry-after": "Thu, 01 Jan 2026 00:00:02 GMT" } });
  });

  it("submit.error accepts only when told so, and guesses the type of its body", () => {
    expect(submit("submit.error").accepts).toBe(false);
    const { accepts, reply } = submit("submit.error", { accepted: true, body: " <p>no</p>", status: 500 });
    expect(accepts).toBe(true);
    expect(reply).toMatchObject({
      status: 500,
      body: " <p>no</p>",
      headers: { "content-type": "text/html; charset=utf-8" },
    });
    expect(submit("submit.error", { body: "no" }).reply.headers["content-type"]).toBe(
      "text/plain; charset=utf-8",
    );
    expect(submit("submit.error", { body: "{", contentType: "application/json" }).reply.headers).toEqual({
      "content-type": "application/json",
    });
  });

  it("submit.lost-reply changes nothing but the ending", () => {
    expect(submit("submit.lost-reply", { ending: "hang" })).toEqual({
      accepts: true,
      reply: { ...HONEST, ending: "hang" },
    });
  });

  it("submit.slow changes nothing but the wait, drawn by key", () => {
    expect(submit("submit.slow", { delay: "1s..3s" })).toEqual({
      accepts: true,
      reply: { ...HONEST, delayMs: 2_000 },
    });
  });
});

describe("faults of connections", () => {
  it.each([
    ["connection.refused", {}, "refused"],
    ["connection.reset", {}, "reset"],
    ["connection.reset", { when: "accept" }, "reset-on-accept"],
    ["connection.hangs", {}, "hang"],
  ] as const)("%s %j breaks them as %s", (name, settings, kind) => {
    expect(connectionBreak([active(name, settings)])?.kind).toBe(kind);
  });
});

describe("faults of processing", () => {
  const process = (name: FaultName, settings?: Record<string, unknown>, attempt?: number) =>
    shapeProcessing(PROCESSING, [active(name, settings, attempt)]);

  it("processing.stuck never ends, or ends after its time, but never before the honest one", () => {
    expect(process("processing.stuck").value.takesMs).toBe(Number.POSITIVE_INFINITY);
    expect(process("processing.stuck", { clears: "after 5s" }).value.takesMs).toBe(5_000);
    expect(process("processing.stuck", { clears: "after 1ms" }).value.takesMs).toBe(200);
  });

  it("processing.stuck that clears on resubmission leaves the second attempt alone", () => {
    expect(process("processing.stuck", { clears: "on-resubmit" }).value.clearsOnResubmit).toBe(true);
    expect(process("processing.stuck", { clears: "on-resubmit" }, 2)).toEqual({ value: PROCESSING, by: [] });
  });

  it("processing.slow goes beyond the promise unless told how long", () => {
    expect(process("processing.slow").value.takesMs).toBe(2_500);
    expect(process("processing.slow", { takes: "2s..4s" }).value.takesMs).toBe(3_000);
  });

  it("processing.lost and processing.rejected change the ending only", () => {
    expect(process("processing.lost").value).toEqual({ ...PROCESSING, ending: "lose" });
    expect(process("processing.rejected", { reason: "no" }).value).toEqual({
      ...PROCESSING,
      ending: "reject",
      reason: "no",
    });
  });
});

describe("faults of the status", () => {
  it("status.stale takes back what is decided, and leaves the ledger's submission as it is", () => {
    const known = { kind: "known", submission: SETTLED } as const;
    const { value } = shapeStatusView(known, [active("status.stale")]);
    expect(value).toMatchObject({ submission: { state: "processing", outcome: null, decidedAt: null } });
    expect(SETTLED).toMatchObject({ state: "settled", outcome: "approved" });
    expect(shapeStatusView(value, [active("status.stale")]).by).toEqual([]);
  });

  it("status.unknown hides it, and status.unavailable replaces the reply", () => {
    expect(
      shapeStatusView({ kind: "known", submission: SETTLED }, [active("status.unknown")]).value.kind,
    ).toBe("unknown");
    expect(shapeStatusReply(HONEST, [active("status.unavailable")]).value.status).toBe(503);
  });
});
