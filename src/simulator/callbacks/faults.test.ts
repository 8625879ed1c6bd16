import { verify as verifyGithub } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { callbackConflicting } from "../faults/callback-conflicting.ts";
import { callbackDuplicate } from "../faults/callback-duplicate.ts";
import { callbackForged } from "../faults/callback-forged.ts";
import { callbackLate } from "../faults/callback-late.ts";
import { callbackMissing } from "../faults/callback-missing.ts";
import { callbackUnsigned } from "../faults/callback-unsigned.ts";
import { credentialsRotated } from "../faults/credentials-rotated.ts";
import { payloadMalformed } from "../faults/payload-malformed.ts";
import { generateSecret, nextSecret } from "../signing/secret.ts";
import type { SigningScheme } from "../signing/sign.ts";
import { type Setup, startReporting, submissionTo } from "./tests-support/reporting.ts";
import { type Received, type SinkAnswer, startSink } from "./tests-support/sink.ts";

const outcomeOf = ({ body }: Received): unknown => JSON.parse(body.toString()).outcome;
const eventOf = ({ headers }: Received) => headers["webhook-id"];

function isSignedWell(secret: string, { body, headers }: Received): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

/** Reports one result to a real receiver and waits until everything is over. */
async function meet(setup: Setup, answer?: (request: Received, nth: number) => SinkAnswer) {
  await using sink = await startSink(answer);
  await using partner = startReporting(setup);
  const startedAt = performance.now();
  const startedWall = Date.now();
  partner.callbacks.report(submissionTo(sink.url));
  expect(await partner.settles()).toBe(true);
  const { received } = sink;
  return {
    received,
    startedAt,
    startedWall,
    partner,
    signedWell: received.map((met) => isSignedWell(partner.secret, met)),
    sent: partner.events("callback.sent"),
  };
}

describe("callback.missing", () => {
  it("sends nothing, and the history says which fault withheld it", async () => {
    const { received, partner } = await meet({ faults: [{ fault: callbackMissing }] });
    expect(received).toEqual([]);
    expect(partner.fired).toEqual([0]);
    expect(partner.history.events).toMatchObject([{ kind: "callback.withheld", key: "CLM-1", faults: [0] }]);
  });

  it("spares a second submission of the same transaction when only the first attempt is meant", async () => {
    await using sink = await startSink();
    await using partner = startReporting({ faults: [{ fault: callbackMissing, attempts: [1] }] });
    partner.callbacks.report(submissionTo(sink.url));
    partner.callbacks.report(submissionTo(sink.url, { id: "sub_2" }));
    await partner.settles();
    expect(partner.events("callback.sent").map(({ submission }) => submission)).toEqual(["sub_2"]);
  });
});

describe("callback.late", () => {
  it("comes later than the promise, by default and as set, and is the genuine report", async () => {
    const promisesMs = 300;
    const byDefault = await meet({ faults: [{ fault: callbackLate }], promisesMs });
    const first = byDefault.received[0]?.at ?? 0;
    expect(first - byDefault.startedAt).toBeGreaterThan(promisesMs);
    expect(byDefault.signedWell).toEqual([true]);
    expect(byDefault.sent).toMatchObject([{ content: "genuine", claims: "approved", faults: [0] }]);

    const asSet = await meet({
      faults: [{ fault: callbackLate, settings: { delay: "700ms..800ms" } }],
      promisesMs,
    });
    const second = asSet.received[0]?.at ?? 0;
    expect(second - asSet.startedAt).toBeGreaterThanOrEqual(699);
    // Rendered when it is sent, not when it was decided.
    const { settledAt } = JSON.parse(String(asSet.received[0]?.body));
    expect(Date.parse(settledAt) - asSet.startedWall).toBeGreaterThanOrEqual(695);
  });
});

describe("callback.duplicate", () => {
  const duplicate = (settings: Record<string, unknown>): Setup => ({
    faults: [{ fault: callbackDuplicate, settings }],
  });

  it("sends the same event twice, the second when the first was answered", async () => {
    const answeredAt: number[] = [];
    const { received, signedWell, sent, partner } = await meet(duplicate({}), () => {
      answeredAt.push(performance.now() + 150);
      return { status: 200, afterMs: 150 };
    });
    expect(received).toHaveLength(2);
    expect(new Set(received.map(eventOf)).size).toBe(1);
    expect(received.map(outcomeOf)).toEqual(["approved", "approved"]);
    expect(signedWell).toEqual([true, true]);
    expect(received[1]?.at).toBeGreaterThanOrEqual((answeredAt[0] ?? 0) - 5);
    expect(sent.map(({ faults, attempt }) => [faults, attempt])).toEqual([
      [undefined, 1],
      [[0], 1],
    ]);
    expect(new Set(sent.map(({ delivery }) => delivery)).size).toBe(2);
    expect(partner.fired).toEqual([0]);
  });

  it("sends concurrent ones at the same moment on connections of their own", async () => {
    const { received } = await meet(duplicate({ copies: 3, concurrent: true }), () => ({
      status: 200,
      afterMs: 1_000,
    }));
    expect(received).toHaveLength(3);
    // All were there long before the first was answered.
    expect((received[2]?.at ?? 0) - (received[0]?.at ?? 0)).toBeLessThan(900);
    expect(new Set(received.map(({ connection }) => connection)).size).toBe(3);
    expect(new Set(received.map(eventOf)).size).toBe(1);
  });

  it("sends later ones after the time that is set, under event ids of their own when asked to", async () => {
    const { received, signedWell, startedAt, partner } = await meet(
      duplicate({ copies: 3, after: "200ms", newId: true }),
    );
    expect(new Set(received.map(eventOf)).size).toBe(3);
    expect(signedWell).toEqual([true, true, true]);
    const due = partner.events("callback.scheduled").map(({ dueMs }) => dueMs);
    expect(due.map((dueMs) => dueMs - (due[0] ?? 0))).toEqual([0, 200, 400]);
    expect((received[2]?.at ?? 0) - startedAt).toBeGreaterThanOrEqual(399);
    expect(received.map((met) => JSON.parse(met.body.toString()).id)).toEqual(received.map(eventOf));
  });
});

describe("callback.conflicting", () => {
  it("sends the genuine result first and another one after its answer, both signed well", async () => {
    const { received, signedWell, sent } = await meet({ faults: [{ fault: callbackConflicting }] }, () => ({
      status: 200,
      afterMs: 100,
    }));
    expect(received.map(outcomeOf)).toEqual(["approved", "denied"]);
    expect(signedWell).toEqual([true, true]);
    expect(new Set(received.map(eventOf)).size).toBe(2);
    expect(sent.map(({ content, claims, faults }) => [content, claims, faults])).toEqual([
      ["genuine", "approved", undefined],
      ["false", "denied", [0]],
    ]);
  });
});

describe.each([
  ["callback.forged", callbackForged, "forged"],
  ["callback.unsigned", callbackUnsigned, "missing"],
] as const)("%s", (_, fault, signature) => {
  it("comes before the genuine report with a false outcome, and is not tried again when it is refused", async () => {
    const { received, signedWell, sent, partner } = await meet(
      { faults: [{ fault }], callback: { retry: [10, 10] } },
      (request) => ({ status: outcomeOf(request) === "approved" ? 200 : 401 }),
    );
    expect(received.map(outcomeOf)).toEqual(["denied", "approved"]);
    expect(signedWell).toEqual([false, true]);
    expect("webhook-signature" in (received[0]?.headers ?? {})).toBe(signature === "forged");
    expect(sent.map((event) => [event.signature, event.content, event.faults])).toEqual([
      [signature, "false", [0]],
      ["valid", "genuine", undefined],
    ]);
    expect(partner.events("callback.refused")).toMatchObject([{ status: 401 }]);
    expect(partner.events("callback.withheld")).toEqual([]);
  });

  it("takes the place of the genuine report when asked to", async () => {
    const { received } = await meet({ faults: [{ fault, settings: { instead: true } }] });
    expect(received.map(outcomeOf)).toEqual(["denied"]);
  });

  it("does not apply to a partner that signs nothing", async () => {
    const { received, partner } = await meet({ faults: [{ fault }], callback: { sign: { scheme: "none" } } });
    expect(received.map(outcomeOf)).toEqual(["approved"]);
    expect(partner.fired).toEqual([]);
  });
});

describe("payload.malformed", () => {
  it("breaks the payload and signs what it broke, over the exact bytes", async () => {
    const { received, sent, partner } = await meet({
      faults: [{ fault: payloadMalformed, settings: { mutation: "truncated" } }],
    });
    expect(() => JSON.parse(String(received[0]?.body))).toThrow();
    // The library parses what it has verified; only the signature is asked about here.
    const { headers, body } = received[0] ?? { headers: {}, body: Buffer.alloc(0) };
    const verify = () =>
      new Webhook(partner.secret).verify(body, headers as Record<string, string>, { jsonParse: false });
    expect(verify).not.toThrow();
    expect(sent).toMatchObject([
      { content: "malformed", claims: null, mutation: "truncated", signature: "valid", faults: [0] },
    ]);
    expect(partner.fired).toEqual([0]);
  });

  it("is consulted at each attempt: one that spares the second heals by retry", async () => {
    const { received, partner } = await meet(
      {
        faults: [{ fault: payloadMalformed, settings: { mutation: "html" }, attempts: [1] }],
        callback: { retry: [20] },
      },
      (request) => ({ status: request.headers["content-type"] === "application/json" ? 200 : 415 }),
    );
    expect(received.map(({ headers }) => headers["content-type"])).toEqual([
      "text/html; charset=utf-8",
      "application/json",
    ]);
    expect(partner.events("callback.acked")).toMatchObject([{ attempt: 2 }]);
    expect(partner.events("callback.sent").map(({ content }) => content)).toEqual(["malformed", "genuine"]);
  });

  it("does not fire where the mutation does not apply", async () => {
    const { received, partner } = await meet({
      faults: [{ fault: payloadMalformed, settings: { mutation: "field-null", field: "nowhere" } }],
    });
    expect(received.map(outcomeOf)).toEqual(["approved"]);
    expect(partner.fired).toEqual([]);
  });
});

/** Whether the scheme's own library accepts what a receiver met. */
async function accepts(scheme: SigningScheme, { body, headers }: Received, secret: string): Promise<boolean> {
  const met = headers as Record<string, string>;
  try {
    switch (scheme) {
      case "standard-webhooks":
        new Webhook(secret).verify(body, met);
        return true;
      case "github":
        return await verifyGithub(secret, body.toString(), met["x-hub-signature-256"] ?? "");
      case "stripe":
        new Stripe("sk_test").webhooks.constructEvent(body, met["stripe-signature"] ?? "", secret);
        return true;
      case "none":
        return true;
    }
  } catch {
    return false;
  }
}

describe("credentials.rotated", () => {
  const rotated = async (scheme: SigningScheme, overlap: boolean) => {
    const { received, partner, sent } = await meet({
      callback: { sign: { scheme } },
      faults: [{ fault: callbackForged }, { fault: credentialsRotated, settings: { overlap } }],
    });
    const [forged, genuine] = received;
    if (!forged || !genuine) throw new Error("both are delivered");
    const verdicts = async (met: Received) => ({
      old: await accepts(scheme, met, partner.secret),
      next: await accepts(scheme, met, nextSecret(scheme, partner.secret)),
    });
    return { forged: await verdicts(forged), genuine: await verdicts(genuine), partner, sent };
  };

  it.each(["standard-webhooks", "stripe"] as const)(
    "%s: with an overlap the old and the next secret verify the report, and neither a forged one",
    async (scheme) => {
      const { forged, genuine, partner, sent } = await rotated(scheme, true);
      expect(genuine).toEqual({ old: true, next: true });
      expect(forged).toEqual({ old: false, next: false });
      expect(partner.fired).toEqual([0, 1]);
      expect(sent.map(({ signature, signedWith, faults }) => [signature, signedWith, faults])).toEqual([
        ["forged", undefined, [0]],
        ["valid", "both", [1]],
      ]);
    },
  );

  it.each(["standard-webhooks", "github", "stripe"] as const)(
    "%s: without an overlap only the next secret verifies the report",
    async (scheme) => {
      const { forged, genuine, sent } = await rotated(scheme, false);
      expect(genuine).toEqual({ old: false, next: true });
      expect(forged).toEqual({ old: false, next: false });
      expect(sent[1]).toMatchObject({ signature: "valid", signedWith: "next", content: "genuine" });
    },
  );

  it("github: with an overlap it keeps the old signature, for which alone there is a header, so nothing fired", async () => {
    const { genuine, partner, sent } = await rotated("github", true);
    expect(genuine).toEqual({ old: true, next: false });
    expect(partner.fired).toEqual([0]);
    expect(sent[1]).not.toHaveProperty("signedWith");
  });

  it("does not apply to a partner that signs nothing", async () => {
    const { partner } = await meet({
      faults: [{ fault: credentialsRotated }],
      callback: { sign: { scheme: "none" } },
    });
    expect(partner.fired).toEqual([]);
  });

  it("is asked at each attempt: a retry after it is signed with the old secret again", async () => {
    const { received, partner } = await meet(
      { faults: [{ fault: credentialsRotated, attempts: [1] }], callback: { retry: [20] } },
      (_request, nth) => ({ status: nth === 1 ? 401 : 200 }),
    );
    expect(received.map((met) => isSignedWell(partner.secret, met))).toEqual([false, true]);
  });

  it("signs with the secret that the contract names as the next one", async () => {
    const next = generateSecret("standard-webhooks", "announced");
    const { received } = await meet({ faults: [{ fault: credentialsRotated }], nextSecret: next });
    expect(received.map((met) => isSignedWell(next, met))).toEqual([true]);
  });
});

it("composes: a late duplicate of a forged and a genuine report, each broken", async () => {
  const { received, startedAt, sent } = await meet({
    faults: [
      { fault: callbackForged },
      { fault: callbackDuplicate },
      { fault: callbackLate, settings: { delay: "200ms" } },
      { fault: payloadMalformed, settings: { mutation: "extra-fields" } },
    ],
  });
  expect(received.map(outcomeOf)).toEqual(["denied", "denied", "approved", "approved"]);
  expect((received[0]?.at ?? 0) - startedAt).toBeGreaterThanOrEqual(199);
  expect(sent.map(({ faults }) => faults)).toEqual([
    [0, 2, 3],
    [0, 1, 2, 3],
    [2, 3],
    [1, 2, 3],
  ]);
  expect(sent.map(({ content }) => content)).toEqual(["false", "false", "harmless", "harmless"]);
});

it("signs the way GitHub does, with a GUID that is the event's id", async () => {
  const { received, partner } = await meet({
    callback: { sign: { scheme: "github" }, json: { type: "claim.settled", id: "{{ delivery.id }}" } },
  });
  const [met] = received;
  expect(met?.headers["x-github-event"]).toBe("claim.settled");
  expect(met?.headers["x-github-delivery"]).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(JSON.parse(String(met?.body)).id).toBe(met?.headers["x-github-delivery"]);
  const signature = String(met?.headers["x-hub-signature-256"]);
  expect(await verifyGithub(partner.secret, String(met?.body), signature)).toBe(true);
});

describe("callback.missing beside other faults", () => {
  it("does not withhold what a stranger sends", async () => {
    const faults = [{ fault: callbackForged }, { fault: callbackMissing }];
    const { received, signedWell, partner } = await meet({ faults });
    expect(received.map(outcomeOf)).toEqual(["denied"]);
    expect(signedWell).toEqual([false]);
    expect(partner.fired).toEqual([0, 1]);
    expect(partner.events("callback.withheld")).toMatchObject([{ faults: [0, 1] }]);
  });

  it("lets no fault fire of whose deliveries it leaves none", async () => {
    const faults = [{ fault: callbackDuplicate }, { fault: callbackMissing }];
    const { received, partner } = await meet({ faults });
    expect(received).toEqual([]);
    expect(partner.fired).toEqual([1]);
  });
});

it("sends a report although a header of it holds what no header may", async () => {
  const callback = { headers: { "x-note": "{{ submission.body.note }}" } };
  await using sink = await startSink();
  await using partner = startReporting({ callback });
  const body = { callbackUrl: sink.url, reference: "CLM-1", note: "日本\r\nx-other: 1" };
  partner.callbacks.report(submissionTo(sink.url, { body }));
  expect(await partner.settles()).toBe(true);
  expect(sink.received[0]?.headers["x-note"]).toBe("????x-other: 1");
  expect(sink.received[0]?.headers["x-other"]).toBeUndefined();
});
