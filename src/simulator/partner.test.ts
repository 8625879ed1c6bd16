import { expect, it } from "vitest";
import { until } from "../lib/wait.ts";
import { CONTRACT, startTestPartner } from "./tests-support/partner.ts";

it("accepts a submission, works on it, and says so when asked", async () => {
  await using acme = await startTestPartner();
  const accepted = await acme.submit("CLM-1");
  expect(accepted.status).toBe(202);
  expect(accepted.json).toEqual({ id: expect.stringMatching(/^sub_/), status: "accepted" });
  const id = String(accepted.json.id);
  expect((await acme.status(id)).json).toMatchObject({ id });
  const processed = await acme.event("submission.processed");
  expect(processed).toMatchObject({ key: "CLM-1", submission: id, state: "settled" });
  expect((await acme.status(id)).json).toEqual({ id, status: "settled", outcome: processed.outcome });
  expect(acme.partner.ledger.byKey("CLM-1")).toMatchObject([
    { id, state: "settled", outcome: processed.outcome },
  ]);
  expect(acme.partner.isQuiet()).toBe(true);
});

it("records the life of a submission in the order in which it happened", async () => {
  await using acme = await startTestPartner();
  await acme.submit("CLM-1");
  await acme.event("submission.processed");
  expect(acme.history.events.map(({ kind }) => kind)).toEqual([
    "submit.received",
    "submission.accepted",
    "submit.replied",
    "submission.processed",
  ]);
  expect(acme.events("submit.received")[0]).toMatchObject({
    key: "CLM-1",
    attempt: 1,
    idempotencyKey: "key-CLM-1",
  });
  expect(acme.events("submit.replied")[0]).toMatchObject({ status: 202, effect: "accepted" });
});

it("decides the same for the same seed and ordinal, in whatever order the transactions come", async () => {
  const keys = Array.from({ length: 12 }, (_, i) => `K${i + 1}`);
  const ordinalOf = (key: string) => keys.indexOf(key) + 1;
  const contract = {
    ...CONTRACT,
    process: { ...CONTRACT.process, outcomes: { a: "40%", b: "30%", c: "30%" } },
  };
  const outcomes = async (order: string[]) => {
    await using acme = await startTestPartner(contract, { ordinalOf });
    for (const key of order) await acme.submit(key);
    await acme.event("submission.processed", keys.length);
    return keys.map((key) =>
      acme.partner.ledger
        .byKey(key)
        .map(({ id, outcome }) => `${id} ${outcome}`)
        .join(),
    );
  };
  const forward = await outcomes(keys);
  expect(await outcomes([...keys].reverse())).toEqual(forward);
  expect(new Set(forward.map((line) => line.split(" ")[1])).size).toBeGreaterThan(1);
});

it("renders replies with JSONata and generated data where the contract asks for it", async () => {
  await using acme = await startTestPartner({
    ...CONTRACT,
    submit: {
      ...CONTRACT.submit,
      key: "$uppercase(body.reference)",
      reply: {
        status: 201,
        headers: { Location: "/v1/claims/{{ submission.id }}" },
        json: { clerk: "{{ $faker('person.fullName') }}", double: "{{ body.amount * 2 }}" },
      },
    },
  });
  const reply = await acme.submit("x", { body: JSON.stringify({ reference: "clm-1", amount: 21 }) });
  expect(reply.status).toBe(201);
  expect(reply.json).toEqual({ clerk: expect.stringMatching(/\w+ \w+/), double: 42 });
  const [submission] = acme.partner.ledger.byKey("CLM-1");
  expect(reply.headers.location).toBe(`/v1/claims/${submission?.id}`);
});

it("closes at once, with submissions in process and requests held open", async () => {
  const acme = await startTestPartner({
    ...CONTRACT,
    process: { ...CONTRACT.process, takes: "30s", promises: "30s" },
  });
  await acme.arm([{ fault: "connection.hangs" }]);
  const held = acme.submit("CLM-1").catch((cause: Error) => cause);
  await acme.event("submit.received");
  expect(acme.partner.isQuiet()).toBe(false);
  await acme.partner.heal();
  await acme.submit("CLM-2");
  expect(acme.partner.isQuiet()).toBe(false);
  const began = performance.now();
  await acme[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(await held).toBeInstanceOf(Error);
});

it("keeps its port for itself when it is given one, and says when it is taken", async () => {
  await using first = await startTestPartner();
  await expect(startTestPartner(CONTRACT, { port: first.partner.port })).rejects.toThrow(/EADDRINUSE/);
  expect(first.partner.url).toBe(`http://127.0.0.1:${first.partner.port}`);
});

it("is quiet once everything is decided", async () => {
  await using acme = await startTestPartner();
  expect(acme.partner.isQuiet()).toBe(true);
  await Promise.all(["A", "B", "C"].map((key) => acme.submit(key)));
  expect(acme.partner.isQuiet()).toBe(false);
  expect(await until(() => acme.partner.isQuiet(), { withinMs: 5_000 })).toBe(true);
  expect(acme.partner.ledger.size).toBe(3);
});
