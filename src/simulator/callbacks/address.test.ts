// Results that go where a header or the query of the submission says, and ids of other makes.
import { expect, it } from "vitest";
import { CONTRACT, startTestPartner, TOKEN } from "../tests-support/partner.ts";
import { startSink } from "./tests-support/sink.ts";

const submit = { ...CONTRACT.submit, idempotency: { header: "Idempotency-Key", required: false } };
const callback = { json: { reference: "{{ submission.key }}" }, sign: { scheme: "none" } };
const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

it.each([
  ["headers.`x-callback`", (url: string) => ({ query: "", extra: { "x-callback": url } })],
  ["query.callback", (url: string) => ({ query: `?callback=${encodeURIComponent(url)}`, extra: {} })],
])("reports to the address in %s", async (to, place) => {
  await using sink = await startSink();
  await using partner = await startTestPartner({ ...CONTRACT, submit, callback: { ...callback, to } });
  const { query, extra } = place(sink.url);
  const body = JSON.stringify({ reference: "K1" });
  const reply = await fetch(`${partner.partner.url}/v1/claims${query}`, {
    method: "POST",
    headers: { ...headers, ...extra },
    body,
  });
  expect(reply.status).toBe(202);
  await partner.event("callback.acked");
  expect(sink.received.map((one) => one.body.toString())).toEqual(['{"reference":"K1"}']);
});

it.each([
  ["uuid", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/],
  ["number", /^\d+$/],
  ["pay_", /^pay_[a-z0-9]{10}$/],
])("gives out ids such as %s says, and knows them again", async (ids, pattern) => {
  await using partner = await startTestPartner({ ...CONTRACT, submit: { ...submit, ids } });
  const { json } = await partner.submit("K1");
  expect(json.id).toMatch(pattern);
  const other = await partner.submit("K2");
  expect(other.json.id).not.toBe(json.id);
  expect((await partner.status(String(json.id))).status).toBe(200);
});
