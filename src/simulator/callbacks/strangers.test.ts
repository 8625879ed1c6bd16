// Deliveries that a system must not believe, met at a real receiver: stale, replayed, unsolicited, misdirected.
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import { callbackLate } from "../faults/callback-late.ts";
import { callbackMisdirected } from "../faults/callback-misdirected.ts";
import { callbackMissing } from "../faults/callback-missing.ts";
import { callbackReplayed } from "../faults/callback-replayed.ts";
import { callbackStale } from "../faults/callback-stale.ts";
import { callbackUnsolicited } from "../faults/callback-unsolicited.ts";
import { CONTRACT, startTestPartner } from "../tests-support/partner.ts";
import { type Setup, startReporting, submissionTo } from "./tests-support/reporting.ts";
import { type Received, type SinkAnswer, startSink } from "./tests-support/sink.ts";

const payloadOf = ({ body }: Received): Record<string, unknown> => JSON.parse(body.toString());

/** Verified with the right secret, whatever its age. */
function isSignedWell(secret: string, { body, headers }: Received): boolean {
  const webhook = new Webhook(secret);
  const signed = webhook.sign(
    String(headers["webhook-id"]),
    new Date(Number(headers["webhook-timestamp"]) * 1_000),
    body,
  );
  return headers["webhook-signature"] === signed;
}

async function meet(setup: Setup, answer?: (request: Received, nth: number) => SinkAnswer) {
  await using sink = await startSink(answer);
  await using partner = startReporting(setup);
  partner.callbacks.report(submissionTo(sink.url));
  expect(await partner.settles()).toBe(true);
  return { received: sink.received, partner, sent: partner.events("callback.sent") };
}

describe("callback.stale", () => {
  it("is signed with the right key over an old timestamp, comes first and is never tried again", async () => {
    const { received, partner, sent } = await meet(
      { faults: [{ fault: callbackStale, settings: { age: "20m" } }], callback: { retry: [10] } },
      (_, nth) => ({ status: nth === 1 ? 401 : 200 }),
    );
    expect(received.map((met) => payloadOf(met).outcome)).toEqual(["denied", "approved"]);
    const ages = received.map(({ headers }) => Date.now() / 1_000 - Number(headers["webhook-timestamp"]));
    expect(Math.round((ages[0] ?? 0) / 60)).toBe(20);
    expect(ages[1]).toBeLessThan(20);
    expect(received.map((met) => isSignedWell(partner.secret, met))).toEqual([true, true]);
    expect(sent.map(({ signature, content, faults }) => [signature, content, faults])).toEqual([
      ["stale", "false", [0]],
      ["valid", "genuine", undefined],
    ]);
  });

  it("does not apply to a scheme without a timestamp, and must be older than receivers allow", async () => {
    const { received, partner } = await meet({
      faults: [{ fault: callbackStale }],
      callback: { sign: { scheme: "github" } },
    });
    expect(received.map((met) => payloadOf(met).outcome)).toEqual(["approved"]);
    expect(partner.fired).toEqual([]);
    expect(callbackStale.settings.safeParse({ age: "5m" }).success).toBe(false);
  });
});

describe("callback.replayed", () => {
  it("is the first delivery byte for byte, with the headers and the timestamp that it had", async () => {
    const { received, sent, partner } = await meet({
      faults: [{ fault: callbackReplayed, settings: { after: "1200ms" } }],
      callback: { headers: { "X-Attempt": "{{ delivery.attempt }}" } },
    });
    const [first, again] = received;
    expect(received).toHaveLength(2);
    expect(again?.body).toEqual(first?.body);
    expect(again?.headers).toEqual(first?.headers);
    const due = partner.events("callback.scheduled").map(({ dueMs }) => dueMs);
    expect((due[1] ?? 0) - (due[0] ?? 0)).toBe(1_200);
    expect(sent.map(({ event, signature, content, faults }) => [event, signature, content, faults])).toEqual([
      [first?.headers["webhook-id"], "valid", "genuine", undefined],
      [first?.headers["webhook-id"], "valid", "genuine", [0]],
    ]);
    expect(new Set(sent.map(({ delivery }) => delivery)).size).toBe(2);
    expect(partner.fired).toEqual([0]);
  });

  it("replays the first try of a report that was tried again", async () => {
    const { received } = await meet(
      {
        faults: [{ fault: callbackReplayed, settings: { after: "400ms" } }],
        callback: { retry: [20] },
      },
      (_, nth) => ({ status: nth === 1 ? 500 : 200 }),
    );
    expect(received.map((met) => payloadOf(met).attempt)).toEqual([1, 2, 1]);
  });

  it("is withheld where nothing was ever sent", async () => {
    const nothing = await meet({ faults: [{ fault: callbackMissing }, { fault: callbackReplayed }] });
    expect(nothing.received).toEqual([]);
    expect(nothing.partner.fired).toEqual([0]);
    const { received, partner } = await meet({
      faults: [{ fault: callbackReplayed, settings: { after: "10ms" } }],
      callback: { json: { who: "{{ body.patient.name }}" } },
    });
    expect(received).toEqual([]);
    const reasons = partner.events("callback.withheld").map(({ reason }) => reason);
    expect(reasons.some((reason) => reason.includes("nothing to replay"))).toBe(true);
  });
});

describe("callback.unsolicited", () => {
  it("reports results under references that nobody gave, signed well, besides the genuine one", async () => {
    const { received, partner, sent } = await meet(
      {
        faults: [{ fault: callbackUnsolicited, settings: { count: 2 } }],
        callback: {
          json: { claim: "{{ submission.id }}", reference: "{{ body.reference }}", id: "{{ delivery.id }}" },
          retry: [10],
        },
      },
      (request) => ({ status: payloadOf(request).reference === "CLM-1" ? 200 : 404 }),
    );
    const references = received.map((met) => String(payloadOf(met).reference));
    expect(references.slice(0, 2)).toEqual([
      expect.stringMatching(/^CLM-9\d{3}$/),
      expect.stringMatching(/^CLM-9\d{3}$/),
    ]);
    expect(references[2]).toBe("CLM-1");
    expect(new Set(received.map((met) => payloadOf(met).claim)).size).toBe(3);
    expect(new Set(received.map((met) => payloadOf(met).id)).size).toBe(3);
    expect(received.every((met) => isSignedWell(partner.secret, met))).toBe(true);
    expect(sent.map(({ key, reference, content }) => [key, reference, content])).toEqual([
      ["CLM-1", references[0], "false"],
      ["CLM-1", references[1], "false"],
      ["CLM-1", undefined, "genuine"],
    ]);
  });
});

describe("callback.misdirected", () => {
  const otherThan = () => ({ key: "CLM-2", outcome: "denied" });
  const json = {
    claim: "{{ submission.id }}",
    reference: "{{ submission.key }}",
    outcome: "{{ submission.outcome }}",
  };

  it("carries its own id, another transaction's reference, and an outcome that is wrong for that one", async () => {
    const { received, partner, sent } = await meet({
      faults: [{ fault: callbackMisdirected }],
      callback: { json },
      otherThan,
    });
    expect(received.map(payloadOf)).toEqual([
      { claim: "sub_1", reference: "CLM-2", outcome: "approved" },
      { claim: "sub_1", reference: "CLM-1", outcome: "approved" },
    ]);
    expect(received.every((met) => isSignedWell(partner.secret, met))).toBe(true);
    expect(sent[0]).toMatchObject({ key: "CLM-1", reference: "CLM-2", content: "false", faults: [0] });
  });

  it("takes the place of the genuine report when asked to", async () => {
    const { received } = await meet({
      faults: [{ fault: callbackMisdirected, settings: { instead: true } }],
      callback: { json },
      otherThan,
    });
    expect(received.map((met) => payloadOf(met).reference)).toEqual(["CLM-2"]);
  });

  it("does not apply without another transaction, or where the payload carries no reference", async () => {
    const alone = await meet({ faults: [{ fault: callbackMisdirected }], callback: { json } });
    const nameless = await meet({
      faults: [{ fault: callbackMisdirected }],
      callback: { json: { claim: "{{ submission.id }}" } },
      otherThan,
    });
    expect([alone.received.length, nameless.received.length]).toEqual([1, 1]);
    expect([...alone.partner.fired, ...nameless.partner.fired]).toEqual([]);
  });

  it("names a real transaction of the same partner, the next one", async () => {
    await using sink = await startSink();
    await using acme = await startTestPartner({
      ...CONTRACT,
      process: { ...CONTRACT.process, takes: "300ms", promises: "1s" },
      callback: { to: sink.url, json },
    });
    await acme.arm([{ fault: "callback.misdirected", on: "first 2" }]);
    for (const key of ["A", "B", "C"]) await acme.submit(key);
    expect(await until(() => sink.received.length === 5, { withinMs: 10_000 })).toBe(true);
    const strays = acme.events("callback.sent").filter(({ reference }) => reference !== undefined);
    expect(strays.map(({ key, reference }) => [key, reference])).toEqual([
      ["A", "B"],
      ["B", "C"],
    ]);
    for (const { reference, claims } of strays)
      expect(claims).not.toBe(acme.partner.ledger.byKey(reference ?? "")[0]?.outcome);
  });
});

it("composes: what is late is late for strangers too", async () => {
  const { received, sent } = await meet({
    faults: [{ fault: callbackUnsolicited }, { fault: callbackLate, settings: { delay: "150ms" } }],
  });
  expect(received).toHaveLength(2);
  expect(sent.map(({ faults }) => faults)).toEqual([[0, 1], [1]]);
});
