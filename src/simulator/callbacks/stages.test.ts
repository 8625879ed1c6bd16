// Stages at a real receiver: when each is reported, what it says, how faults reach one of them or change their order.
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { contractSchema } from "../contract/contract.ts";
import type { PartnerOptions } from "../partner.ts";
import { createHonestProcessing } from "../pipeline/honest-processing.ts";
import { CONTRACT, startTestPartner, type TestPartner } from "../tests-support/partner.ts";
import { type Received, type SinkAnswer, startSink } from "./tests-support/sink.ts";

const CALLBACK = {
  to: "body.callbackUrl",
  headers: { "x-stage": "{{ delivery.stage }}" },
  json: {
    id: "{{ delivery.id }}",
    reference: "{{ submission.key }}",
    stage: "{{ delivery.stage }}",
    outcome: "{{ submission.outcome }}",
  },
  retry: [],
};
const STAGES = [
  { name: "received", takes: "20ms" },
  { name: "in-review", takes: "80ms..120ms", callback: { json: { looking: "{{ submission.state }}" } } },
  { name: "settled", takes: "60ms" },
];
const { takes: _, ...PROCESS } = CONTRACT.process;
const UNSTAGED = { ...CONTRACT, process: { ...CONTRACT.process, promises: "1s" }, callback: CALLBACK };
const STAGED = {
  ...UNSTAGED,
  process: { ...PROCESS, promises: "1s" },
  stages: STAGES,
  status: {
    get: "/v1/claims/:id",
    reply: { json: { stage: "{{ submission.stage }}", outcome: "{{ submission.outcome }}" } },
  },
};

const stageOf = ({ headers }: Received) => headers["x-stage"];
const jsonOf = ({ body }: Received) => JSON.parse(body.toString());

async function submitTo(acme: TestPartner, url: string, ...references: string[]) {
  return Promise.all(
    references.map((reference) =>
      acme.submit(reference, { body: JSON.stringify({ reference, callbackUrl: url }) }),
    ),
  );
}

interface Meeting {
  contract?: Record<string, unknown>;
  faults?: unknown[];
  references?: string[];
  answer?: (request: Received) => SinkAnswer;
  options?: Partial<PartnerOptions>;
}

/** Submits, and waits until everything that follows is over. */
async function meet({ contract = STAGED, faults = [], references = ["A"], answer, options }: Meeting = {}) {
  await using sink = await startSink(answer);
  await using acme = await startTestPartner(contract, options);
  if (faults.length > 0) await acme.arm(faults);
  await submitTo(acme, sink.url, ...references);
  await acme.settles();
  return { received: sink.received, acme, sent: acme.events("callback.sent"), secret: acme.partner.secret };
}

describe("a contract with stages", () => {
  it("reports each stage in its own time, the result last, every report signed over its own bytes", async () => {
    const { received, acme, secret } = await meet();
    expect(received.map(stageOf)).toEqual(["received", "in-review", "settled"]);
    const accepted = acme.events("submission.accepted")[0]?.t ?? 0;
    const processed = acme.events("submission.processed")[0];
    const [first = 0, second = 0, third = 0] = acme.events("callback.sent").map(({ t }) => t - accepted);
    expect(first).toBeGreaterThanOrEqual(18);
    expect(second).toBeGreaterThanOrEqual(98);
    expect(third).toBeGreaterThanOrEqual(158);
    expect(received.map(jsonOf)).toMatchObject([
      { stage: "received", reference: "A", outcome: null },
      { looking: "processing" },
      { stage: "settled", reference: "A", outcome: processed?.outcome },
    ]);
    for (const { body, headers } of received) {
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
    }
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(3);
  });

  it("reports no stage before the one before it was answered", async () => {
    const open: string[] = [];
    const { received } = await meet({
      answer: (request) => {
        open.push(String(stageOf(request)));
        return { status: 200, afterMs: 200 };
      },
    });
    expect(open).toEqual(["received", "in-review", "settled"]);
    const [first = 0, second = 0, third = 0] = received.map(({ at }) => at);
    expect(second - first).toBeGreaterThanOrEqual(195);
    expect(third - second).toBeGreaterThanOrEqual(195);
  });

  it("claims an outcome with the last stage only, and the history says which stage was reported", async () => {
    const { sent, acme } = await meet();
    expect(sent.map(({ stage, interim, claims, content }) => [stage, interim, claims, content])).toEqual([
      ["received", true, null, "genuine"],
      ["in-review", true, null, "genuine"],
      ["settled", undefined, acme.events("submission.processed")[0]?.outcome, "genuine"],
    ]);
    expect(acme.events("submission.advanced").map(({ stage }) => stage)).toEqual(["received", "in-review"]);
    expect(acme.events("callback.scheduled").map(({ stage }) => stage)).toEqual([
      "received",
      "in-review",
      "settled",
    ]);
  });

  it("shows the stage that was reached to who asks", async () => {
    await using sink = await startSink();
    await using acme = await startTestPartner({
      ...STAGED,
      process: { ...STAGED.process, promises: "10s" },
      stages: [STAGES[0], { name: "settled", takes: "1s" }],
    });
    const [reply] = await submitTo(acme, sink.url, "A");
    const id = String(reply?.json.id);
    await acme.event("submission.advanced");
    expect((await acme.status(id)).json).toEqual({ stage: "received", outcome: null });
    const decided = await acme.event("submission.processed");
    expect((await acme.status(id)).json).toEqual({ stage: "settled", outcome: decided.outcome });
  });

  it("promises the same times for the same seed and ordinal, each stage after the one before", () => {
    const contract = contractSchema.parse(STAGED);
    const times = (seed: string, ordinal: number) => {
      const { stages = [], takesMs } = createHonestProcessing(contract, seed).of(ordinal);
      return [...stages.map(({ atMs }) => atMs), takesMs];
    };
    expect(times("a", 1)).toEqual(times("a", 1));
    const all = Array.from({ length: 20 }, (_, i) => times("a", i + 1));
    expect(new Set(all.map(String)).size).toBeGreaterThan(10);
    for (const [first = 0, second = 0, third = 0] of all) {
      expect(first).toBe(20);
      expect(second - first).toBeGreaterThanOrEqual(80);
      expect(second - first).toBeLessThanOrEqual(120);
      expect(third - second).toBe(60);
    }
  });

  it("comes to rest after its first stages when it is stuck, and goes on when it is submitted again", async () => {
    await using sink = await startSink();
    await using acme = await startTestPartner(STAGED);
    await acme.arm([{ fault: "processing.stuck", clears: "on-resubmit" }]);
    await submitTo(acme, sink.url, "A");
    expect(await acme.settles()).toBe(true);
    expect(sink.received.map(stageOf)).toEqual(["received", "in-review"]);
    await submitTo(acme, sink.url, "A");
    await acme.event("submission.processed");
    expect(await acme.settles()).toBe(true);
    expect(sink.received.map(stageOf)).toEqual(["received", "in-review", "settled"]);
  });
});

describe("a fault of what is reported", () => {
  it("means the result unless it names a stage", async () => {
    const { received, acme } = await meet({ faults: [{ fault: "callback.missing" }] });
    expect(received.map(stageOf)).toEqual(["received", "in-review"]);
    expect(acme.events("callback.withheld")).toMatchObject([{ stage: "settled", faults: [0] }]);
  });

  it("hits the stages that it names and no other", async () => {
    const { received } = await meet({
      faults: [
        { fault: "callback.missing", stage: "in-review" },
        { fault: "callback.duplicate", stage: ["received", "settled"] },
      ],
    });
    expect(received.map(stageOf)).toEqual(["received", "received", "settled", "settled"]);
  });

  it("breaks the payload of the stage that it names", async () => {
    const { sent, received } = await meet({
      faults: [{ fault: "payload.malformed", mutation: "truncated", stage: "received" }],
    });
    expect(() => jsonOf(received[0] as Received)).toThrow();
    expect(sent.map(({ stage, content, claims }) => [stage, content, claims])).toEqual([
      ["received", "malformed", null],
      ["in-review", "genuine", null],
      ["settled", "genuine", sent[2]?.claims],
    ]);
  });

  it("forges a stage without an outcome by its signature alone", async () => {
    const { sent, secret, received } = await meet({
      faults: [{ fault: "callback.forged", stage: "received" }],
    });
    expect(sent.slice(0, 2)).toMatchObject([
      { stage: "received", signature: "forged", content: "false", claims: null },
      { stage: "received", signature: "valid", content: "genuine" },
    ]);
    const [{ body, headers }] = received as [Received];
    expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).toThrow();
  });

  it("does not fire for a stage that there is not, nor for a stage of a contract without any", async () => {
    const fault = { fault: "callback.missing", stage: "in-audit" };
    const { acme } = await meet({ faults: [fault] });
    expect(acme.events("fault.fired")).toEqual([]);
    const unstaged = await meet({ contract: UNSTAGED, faults: [fault] });
    expect(unstaged.acme.events("fault.fired")).toEqual([]);
    expect(unstaged.received).toHaveLength(1);
  });
});

describe("callback.out-of-order", () => {
  it("reports the result before the stages that came first, which then say what was true at their time", async () => {
    const { received, sent } = await meet({ faults: [{ fault: "callback.out-of-order", window: "400ms" }] });
    expect(stageOf(received[0] as Received)).toBe("settled");
    expect(received.map(stageOf).sort()).toEqual(["in-review", "received", "settled"]);
    const settledAt = received[0]?.at ?? 0;
    for (const { at } of received.slice(1)) expect(at - settledAt).toBeGreaterThanOrEqual(150);
    expect(jsonOf(received.find((met) => stageOf(met) === "received") as Received).outcome).toBeNull();
    expect(jsonOf(received.find((met) => stageOf(met) === "in-review") as Received)).toEqual({
      looking: "processing",
    });
    const shaped = sent.filter(({ faults }) => faults?.includes(0)).map(({ stage }) => stage);
    expect(shaped.sort()).toEqual(["in-review", "received"]);
  });

  it("leaves one stage in its place when only the other is named", async () => {
    const { received } = await meet({ faults: [{ fault: "callback.out-of-order", stage: "in-review" }] });
    expect(received.map(stageOf)).toEqual(["received", "settled", "in-review"]);
  });

  it("does not fire where no result will ever overtake", async () => {
    const { acme, received } = await meet({
      faults: [{ fault: "processing.stuck" }, { fault: "callback.out-of-order" }],
    });
    expect(received.map(stageOf)).toEqual(["received", "in-review"]);
    expect(acme.events("fault.fired").map(({ fault }) => fault)).toEqual([0]);
  });

  it("swaps transactions of a contract without stages, in the same order for the same seed", async () => {
    const references = ["A", "B", "C", "D", "E", "F"];
    const contract = {
      ...UNSTAGED,
      process: { ...UNSTAGED.process, takes: "20ms", outcomes: { approved: 1 } },
    };
    const order = async (faults: unknown[]) => {
      const { acme } = await meet({
        contract,
        references,
        faults,
        options: { ordinalOf: (key) => references.indexOf(key) + 1 },
      });
      const decided = new Map(acme.events("submission.processed").map(({ key, t }) => [key, t]));
      const due = [...acme.events("callback.scheduled")].sort((a, b) => a.dueMs - b.dueMs);
      return {
        acme,
        decided: [...decided.keys()],
        reported: due.map(({ key }) => key),
        held: Object.fromEntries(due.map(({ key, dueMs }) => [key, dueMs - (decided.get(key) ?? 0)])),
      };
    };
    const faults = [{ fault: "callback.out-of-order", window: "600ms" }];
    const [first, second] = [await order(faults), await order(faults)];
    expect(first.reported).not.toEqual(first.decided);
    for (const [key, ms] of Object.entries(first.held)) {
      expect(ms).toBeLessThanOrEqual(620);
      expect(Math.abs(ms - (second.held[key] ?? 0))).toBeLessThan(20);
    }
    expect(first.acme.events("fault.fired")).toHaveLength(6);
  });
});

describe("callback.early", () => {
  const early = (settings: Record<string, unknown> = {}) => [{ fault: "callback.early", ...settings }];

  it.each([
    ["without stages", UNSTAGED, 1],
    ["with stages", STAGED, 3],
  ])("reports the result before the client has its reply, %s", async (_name, contract, reports) => {
    await using sink = await startSink(() => ({ status: 200, afterMs: 100 }));
    await using acme = await startTestPartner(contract);
    await acme.arm(early({ hold: "3s" }));
    const [reply] = await submitTo(acme, sink.url, "A");
    const repliedAt = performance.now();
    expect(reply?.status).toBe(202);
    expect(sink.received).toHaveLength(reports);
    const result = sink.received.at(-1) as Received;
    expect(jsonOf(result).outcome).toBe(acme.events("submission.processed")[0]?.outcome);
    expect(repliedAt - result.at).toBeGreaterThanOrEqual(95);
    const kinds = acme.history.events.map(({ kind }) => kind);
    expect(kinds.lastIndexOf("callback.acked")).toBeLessThan(kinds.indexOf("submit.replied"));
    expect(acme.events("fault.fired")).toMatchObject([{ point: "callback", key: "A" }]);
    expect(acme.events("callback.sent").at(-1)).toMatchObject({ faults: [0], content: "genuine" });
  });

  it("holds the reply for a bounded time when the receiver does not answer", async () => {
    await using sink = await startSink(() => "hang");
    await using acme = await startTestPartner(UNSTAGED);
    await acme.arm(early({ hold: "200ms" }));
    const began = performance.now();
    const [reply] = await submitTo(acme, sink.url, "A");
    expect(reply?.status).toBe(202);
    expect(performance.now() - began).toBeGreaterThanOrEqual(195);
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it("does not wait for a report that cannot go out", async () => {
    await using acme = await startTestPartner(UNSTAGED);
    await acme.arm(early({ hold: "60s" }));
    expect((await acme.submit("A")).status).toBe(202);
    expect(acme.events("callback.withheld")).toHaveLength(1);
  });

  it("answers a retry meanwhile as the contract says: the first request is still running", async () => {
    await using sink = await startSink(() => ({ status: 200, afterMs: 400 }));
    await using acme = await startTestPartner(UNSTAGED);
    await acme.arm(early({ hold: "2s" }));
    const first = submitTo(acme, sink.url, "A");
    await acme.event("submission.accepted");
    const [second] = await submitTo(acme, sink.url, "A");
    expect(second?.status).toBe(409);
    expect((await first)[0]?.status).toBe(202);
  });

  it("lets go of what is held when the partner closes or the client leaves", async () => {
    await using sink = await startSink(() => "hang");
    const acme = await startTestPartner(UNSTAGED);
    await acme.arm(early({ hold: "60s" }));
    const left = acme
      .submit("A", { body: JSON.stringify({ reference: "A", callbackUrl: sink.url }), timeoutMs: 200 })
      .catch((cause: Error) => cause);
    expect(await left).toBeInstanceOf(Error);
    expect(await acme.event("submit.aborted")).toMatchObject({ by: "client", effect: "accepted" });
    const held = submitTo(acme, sink.url, "B").catch((cause: Error) => cause);
    await acme.event("submission.accepted", 2);
    const began = performance.now();
    await acme[Symbol.asyncDispose]();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await held).toBeInstanceOf(Error);
  });
});
