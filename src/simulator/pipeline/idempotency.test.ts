import { expect, it } from "vitest";
import { CONTRACT, startTestPartner } from "../tests-support/partner.ts";
import { parseIdempotencyKey } from "./idempotency.ts";

it("replays status and body to the same key, and makes no second submission", async () => {
  await using acme = await startTestPartner();
  const first = await acme.submit("A");
  const second = await acme.submit("A");
  expect(first.headers["idempotent-replayed"]).toBeUndefined();
  expect(second).toMatchObject({
    status: first.status,
    text: first.text,
    headers: { "idempotent-replayed": "true" },
  });
  expect(acme.partner.ledger.byKey("A")).toHaveLength(1);
  expect(acme.events("submit.replied").map(({ effect }) => effect)).toEqual(["accepted", "replayed"]);
});

it("takes the quoted and the bare form of a key for the same", async () => {
  await using acme = await startTestPartner();
  await acme.submit("A", { idempotencyKey: "k-1" });
  const quoted = await acme.submit("A", { idempotencyKey: '"k-1"' });
  expect(quoted.headers["idempotent-replayed"]).toBe("true");
  expect(acme.events("submit.received").map(({ idempotencyKey }) => idempotencyKey)).toEqual(["k-1", "k-1"]);
});

it("answers 422 to a key that was used for another payload", async () => {
  await using acme = await startTestPartner();
  await acme.submit("A", { idempotencyKey: "shared" });
  const reply = await acme.submit("B", { idempotencyKey: "shared" });
  expect(reply.json).toMatchObject({ status: 422, title: "Unprocessable Entity" });
  expect(acme.partner.ledger.size).toBe(1);
  expect(acme.events("submit.replied")[1]).toMatchObject({ key: "B", effect: "refused", status: 422 });
});

it.each([
  ["its own key, which another one has used before", "B", "A"],
  ["the own key of another one", "A", "A"],
])("knows %s", async (_what, used, asked) => {
  await using acme = await startTestPartner();
  // The first transaction is A; the second one is B, and asks with a key that A was submitted with.
  await acme.submit("A", { idempotencyKey: used });
  const reply = await acme.submit("B", { idempotencyKey: used });
  expect(reply.json).toMatchObject({ status: 422 });
  expect(acme.partner.ledger.size).toBe(1);
  const again = await acme.submit(asked, { idempotencyKey: used });
  expect(again.headers["idempotent-replayed"]).toBe("true");
});

it("answers 400 to a submission without the key that the contract wants, and records it", async () => {
  await using acme = await startTestPartner();
  const reply = await acme.submit("A", { idempotencyKey: "" });
  expect(reply.headers["content-type"]).toBe("application/problem+json");
  expect(reply.json).toMatchObject({ status: 400, detail: expect.stringContaining("idempotency-key") });
  expect(acme.events("submit.replied")).toMatchObject([{ key: "A", status: 400, effect: "refused" }]);
});

it("accepts the same twice where the contract keeps no keys", async () => {
  await using acme = await startTestPartner({
    ...CONTRACT,
    submit: { ...CONTRACT.submit, idempotency: "none" },
  });
  const [first, second] = [await acme.submit("A"), await acme.submit("A")];
  expect(second.json.id).not.toBe(first.json.id);
  expect(acme.partner.ledger.byKey("A")).toHaveLength(2);
});

it("remembers nothing of a request that it refused", async () => {
  await using acme = await startTestPartner();
  await acme.arm([{ fault: "submit.unavailable", attempts: 1 }]);
  expect((await acme.submit("A")).status).toBe(503);
  const retried = await acme.submit("A");
  expect(retried.status).toBe(202);
  expect(retried.headers["idempotent-replayed"]).toBeUndefined();
});

it.each([
  ["abc", "abc"],
  ['"abc"', "abc"],
  ['"a\\"b\\\\c"', 'a"b\\c'],
  ['""', undefined],
  ["  ", undefined],
  [undefined, undefined],
  ['"half', '"half'],
])("reads the key %j as %j", (header, key) => {
  expect(parseIdempotencyKey(header)).toBe(key);
});
